{{ core_rows('lead_changes') }}
