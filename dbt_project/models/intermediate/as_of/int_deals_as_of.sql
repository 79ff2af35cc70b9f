{{ as_of_rows('deals') }}
