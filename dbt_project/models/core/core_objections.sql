{{ core_rows('objections') }}
