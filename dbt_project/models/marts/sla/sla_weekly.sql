-- How each side kept its promises, week by week: per owner, their team and the side.
{% set states = ['pending', 'unavailable'] %}
{% set targets = {'definition_met': 'definition_met', 'contact': 'contact', 'contact_in_office_hours': 'contact',
                  'disposition': 'disposition', 'objection_logged': 'objection_logged', 'objection_shown': 'objection_shown'} %}
with

counted as (
    select * from {{ ref('int_sla_rows') }}
),

grouped as (
    select side, measure, week_start_on, team, owner_id, state from counted where side = 'sales'
    union all
    select side, measure, week_start_on, team, '(all)' as owner_id, state from counted
    union all
    -- marketing is one team
    select side, measure, week_start_on, '(all)' as team, '(all)' as owner_id, state from counted where side = 'sales'
),

summed as (
    select
        week_start_on,
        side,
        team,
        owner_id,
        measure,
        cast(sum(case when state = 'met' then 1 else 0 end) as bigint) as met,
        cast(sum(case when state in ('met', 'missed') then 1 else 0 end) as bigint) as due
        {% for state in states -%}
        , cast(sum(case when state = '{{ state }}' then 1 else 0 end) as bigint) as {{ state }}
        {% endfor -%}
    from grouped
    group by week_start_on, side, team, owner_id, measure
),

weeks as (
    select distinct week_start_on from counted
),

-- the version in force when the week began, else the newest that came into force in it
ruled as (
    select
        w.week_start_on,
        v.version,
        row_number() over (
            partition by w.week_start_on
            order by case when v.in_force_at <= {{ day_start('w.week_start_on') }} then 0 else 1 end, v.in_force_at desc
        ) as choice
    from weeks as w
    inner join {{ ref('int_versions') }} as v
        on
            v.in_force_at <= {{ day_start('w.week_start_on') }}
            or (v.in_force_at < {{ day_start(next_period_start('week', 'w.week_start_on')) }} and v.in_force_at <= {{ as_of() }})
),

targets as (
    {% for measure, level in targets.items() %}
    select version, '{{ measure }}' as measure, cast({{ level }}_target as double) / cast(100 as double) as target
    from {{ source('agreement', 'service_levels') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    s.week_start_on,
    s.side,
    s.team,
    s.owner_id,
    u.name as owner_name,
    s.measure,
    s.met,
    s.due,
    s.pending,
    s.unavailable,
    {{ ratio('s.met', 's.due') }} as rate,
    t.target,
    r.version as agreement_version
from summed as s
left join ruled as r on s.week_start_on = r.week_start_on and r.choice = 1
left join {{ ref('core_users') }} as u on s.owner_id = u.user_id
left join targets as t on r.version = t.version and s.measure = t.measure
