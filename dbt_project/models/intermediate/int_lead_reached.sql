-- Whether each person reached each stage, or a later one, less than the agreement's days after its creation.
{% set passed = ['handed_over', 'sal', 'sql', 'opportunity', 'won'] %}
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
implied as (
    {% for stage in passed %}
    {% for later in passed[loop.index0:] %}
    select '{{ stage }}' as stage, '{{ later }}' as by_stage
    union all
    {% endfor %}
    {% endfor %}
    select 'mql' as stage, 'mql' as by_stage
    union all
    select 'lost' as stage, 'lost' as by_stage
    union all
    select 'lead' as stage, 'lead' as by_stage
),

reached as (
    select distinct t.lead_id, i.stage
    from in_time as t
    inner join implied as i on t.stage = i.by_stage
)

select
    l.lead_id,
    l.channel,
    l.created_at,
    s.stage,
    s.is_told,
    s.when_not_told,
    r.lead_id is not null as is_reached
from leads as l
inner join {{ ref('int_stage_sources') }} as s on l.source_name = s.source_name
left join reached as r on l.lead_id = r.lead_id and s.stage = r.stage
