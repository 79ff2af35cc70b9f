{{ core_rows('deals') }}
