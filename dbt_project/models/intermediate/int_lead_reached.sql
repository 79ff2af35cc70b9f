-- Whether each person reached each stage, or a later one, less than the agreement's days after its creation.
-- A row per person and stage is read once, to be counted, and not stored.
{{ config(materialized='view') }}
{% set passed = ['handed_over', 'sal', 'sql', 'opportunity', 'won'] %}
{% set alone = ['lead', 'mql', 'lost'] %}
with

leads as (
    select lead_id, source_name, channel, created_at from {{ ref('int_persons') }}
),

in_time as (
    select e.lead_id, e.stage
    from {{ ref('int_lead_entries') }} as e
    inner join leads as l on e.lead_id = l.lead_id
    where
        e.entered_at >= l.created_at
        and {{ microseconds('e.entered_at') }} - {{ microseconds('l.created_at') }}
            < cast({{ setting('maturity_days') }} as bigint) * 86400000000
),

-- a stage is reached by itself or by any later one. mql and lost are verdicts, nobody passes through them
reached as (
    select
        lead_id,
        max(case stage {% for stage in passed %}when '{{ stage }}' then {{ loop.index }} {% endfor %}end) as furthest,
        {%- for stage in alone %}
        max(case when stage = '{{ stage }}' then 1 end) as in_{{ stage }}{{ ',' if not loop.last }}
        {%- endfor %}
    from in_time
    group by lead_id
)

select
    l.lead_id,
    l.channel,
    l.created_at,
    s.stage,
    s.is_told,
    s.when_not_told,
    coalesce(case s.stage
        {%- for stage in passed %}
        when '{{ stage }}' then r.furthest >= {{ loop.index }}
        {%- endfor %}
        {%- for stage in alone %}
        when '{{ stage }}' then r.in_{{ stage }} = 1
        {%- endfor %}
    end, false) as is_reached
from leads as l
inner join {{ ref('int_stage_sources') }} as s on l.source_name = s.source_name
left join reached as r on l.lead_id = r.lead_id
