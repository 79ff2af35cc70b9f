{{ as_of_rows('users') }}
