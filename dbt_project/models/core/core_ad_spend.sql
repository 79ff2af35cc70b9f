{{ core_rows('ad_spend') }}
