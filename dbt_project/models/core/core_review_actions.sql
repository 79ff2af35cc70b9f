{{ core_rows('review_actions') }}
