-- What each version of a company told that cuts a deal, from when until when it counted; a deleted one is not there.
{{ version_spans('companies', ['company_id', 'created_at', 'industry', 'employee_count']) }}
