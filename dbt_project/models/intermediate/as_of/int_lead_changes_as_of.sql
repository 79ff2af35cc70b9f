{{ as_of_rows('lead_changes') }}
