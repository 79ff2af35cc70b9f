{{ as_of_rows('objections') }}
