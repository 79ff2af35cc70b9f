{{ as_of_rows('leads') }}
