{{ core_rows('deal_changes') }}
