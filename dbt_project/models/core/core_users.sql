{{ core_rows('users') }}
