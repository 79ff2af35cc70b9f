{{ as_of_rows('ad_spend') }}
