-- Every handover under a version in force is in contact, conversation and disposition once; marketing's also in its two, and
-- what sales gave up also in its reasons.
{% set measures = {'contact': 'true', 'conversation': 'true', 'contact_in_office_hours': 'is_received_in_office_hours',
                   'disposition': 'true', 'disposition_explained': "sales_verdict in ('not_qualified', 'set_aside', 'unknown')",
                   'definition_met': 'is_marketing', 'right_industry_and_size': 'is_marketing'} %}
with

owed as (
    {% for measure, condition in measures.items() %}
    select '{{ measure }}' as measure, count(*) as handovers
    from {{ ref('handovers') }}
    where agreement_version is not null and {{ condition }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

counted as (
    select measure, sum(met) + sum(due - met) + sum(pending) + sum(unavailable) as handovers
    from {{ ref('sla_weekly') }}
    where owner_id = '(all)' and (team = '(all)' or side = 'marketing')
    group by measure
)

select o.measure
from owed as o
left join counted as c on o.measure = c.measure
where o.handovers <> coalesce(c.handovers, 0)
