{{ core_rows('digests') }}
