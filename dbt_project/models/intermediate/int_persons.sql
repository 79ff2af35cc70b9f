-- One row per person who responded: their first lead record stands for them, with the earliest of what any record reached.
{% set stages = ['mql_at', 'first_handed_over_at', 'accepted_at', 'sql_at', 'opportunity_at', 'won_at'] %}
with

records as (
    select *, coalesce(duplicate_of_lead_id, lead_id) as first_lead_id from {{ ref('leads') }}
),

reached as (
    select
        first_lead_id,
        cast(count(*) as bigint) as records,
        {% for stage in stages -%}
        min({{ stage }}) as {{ stage }},
        {% endfor -%}
        -- lost once every opportunity of theirs is
        case when sum(case when opportunity_at is not null and lost_at is null then 1 else 0 end) = 0 then max(lost_at) end
            as lost_at
    from records
    group by first_lead_id
)

select
    l.lead_id,
    l.account_id,
    l.source_name,
    l.channel,
    l.segment,
    l.region,
    l.created_at,
    r.records,
    {% for stage in stages -%}
    r.{{ stage }},
    {% endfor -%}
    r.lost_at
from records as l
inner join reached as r on l.lead_id = r.first_lead_id
where l.duplicate_of_lead_id is null
