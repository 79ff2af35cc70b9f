{{ as_of_rows('deal_changes') }}
