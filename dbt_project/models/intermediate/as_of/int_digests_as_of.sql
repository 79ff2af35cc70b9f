{{ as_of_rows('digests') }}
