-- What was known of each lead at each of its handovers.
{{ config(materialized='view') }}
{{ attributes_at('(select lead_id, handed_over_at as judged_at from ' ~ ref('int_handovers') ~ ')') }}
