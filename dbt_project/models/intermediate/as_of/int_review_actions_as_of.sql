{{ as_of_rows('review_actions') }}
