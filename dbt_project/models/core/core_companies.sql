{{ core_rows('companies') }}
