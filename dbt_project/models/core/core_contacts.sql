{{ core_rows('contacts') }}
