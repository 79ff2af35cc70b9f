{{ core_rows('fx_rates') }}
