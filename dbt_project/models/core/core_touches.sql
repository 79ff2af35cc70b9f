{{ core_rows('touches') }}
