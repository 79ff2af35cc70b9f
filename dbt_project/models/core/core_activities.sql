{{ core_rows('activities') }}
