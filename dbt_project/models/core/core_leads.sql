{{ core_rows('leads') }}
