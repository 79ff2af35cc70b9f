-- Each person with the fiscal quarter it came in, and the stages it reached in the agreed days; null where its source does not
-- tell of the stage.
{{ config(materialized='view') }}
{% set stages = ['mql', 'handed_over', 'sal', 'sql', 'opportunity', 'won'] %}
select
    lead_id,
    {{ period_start('fiscal_quarter', local_day('created_at') | trim) }} as quarter_on,
    true as in_lead
    {%- for stage in stages %},
    max(case when stage = '{{ stage }}' and is_told then case when is_reached then 1 else 0 end end) = 1 as in_{{ stage }}
    {%- endfor %}
from {{ ref('int_lead_reached') }}
group by lead_id, {{ period_start('fiscal_quarter', local_day('created_at') | trim) }}
