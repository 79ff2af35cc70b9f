-- How each lead stood to each criterion at its latest handover, with the value that decided, in words.
{% set criteria = {
    'industry': "a.industry",
    'company_size': "nullif(substr(coalesce('; ' || cast(a.employee_count as " ~ text_type() ~ ") || ' employees', '') || coalesce('; turnover '
        || " ~ setting('reporting_currency') ~ " || ' ' || cast(" ~ divided_down(to_paisa('a.annual_revenue_amount'), 100)
        ~ " as " ~ text_type() ~ "), ''), 3), '')",
    'intent': 'null',
    'role': 'v.role_level',
    'geography': "nullif(substr(coalesce(', ' || a.state, '') || coalesce(', ' || a.country, ''), 3), '')",
} %}
with

verdicts as (
    select v.*
    from {{ ref('int_handovers') }} as h
    inner join {{ ref('int_qualification') }} as v on h.lead_id = v.lead_id and h.handed_over_at = v.judged_at
    where h.is_latest
)

select
    v.lead_id,
    {% for criterion, value in criteria.items() -%}
    {{ "'; ' || " if not loop.first }}'{{ criterion | replace('_', ' ') }}: '
    || case when v.{{ criterion }}_fits then 'yes' when not v.{{ criterion }}_fits then 'no' else 'unknown' end
    || coalesce(' (' || {{ value }} || ')', ''){{ ' || ' if not loop.last }}
    {% endfor -%}
    as criteria
from verdicts as v
inner join {{ ref('int_lead_attributes') }} as a on v.lead_id = a.lead_id and v.judged_at = a.judged_at
