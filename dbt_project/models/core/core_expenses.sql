{{ core_rows('expenses') }}
