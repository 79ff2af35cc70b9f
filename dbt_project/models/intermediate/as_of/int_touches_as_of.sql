{{ as_of_rows('touches') }}
