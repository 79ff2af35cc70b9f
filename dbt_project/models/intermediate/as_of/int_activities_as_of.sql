{{ as_of_rows('activities') }}
