{{ as_of_rows('campaigns') }}
