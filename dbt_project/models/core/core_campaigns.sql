{{ core_rows('campaigns') }}
