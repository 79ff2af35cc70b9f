{{ as_of_rows('expenses') }}
