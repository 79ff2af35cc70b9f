-- What was known of each lead at each of its instants.
-- Several rows per lead and wide ones: int_qualification reads them once and keeps the verdicts, so they are not stored.
{{ config(materialized='view') }}
{{ attributes_at(ref('int_lead_instants')) }}
