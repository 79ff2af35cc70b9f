{{ as_of_rows('fx_rates') }}
