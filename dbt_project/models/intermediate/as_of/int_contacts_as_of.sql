{{ as_of_rows('contacts') }}
