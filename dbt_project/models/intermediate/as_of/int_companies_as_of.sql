{{ as_of_rows('companies') }}
