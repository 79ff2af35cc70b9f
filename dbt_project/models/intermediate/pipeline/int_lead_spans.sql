-- What each version of a lead told that cuts a deal, from when until when it counted; a deleted one is not there.
{{ version_spans('leads', ['lead_id', 'created_at', 'industry', 'employee_count', 'converted_deal_id', 'converted_at']) }}
