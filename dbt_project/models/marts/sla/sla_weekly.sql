-- How each side kept its promises, week by week: per owner, their team and the side. What is due was promised by the version it
-- came under, which need not be the week's.
{% set states = ['pending', 'unavailable'] %}
{% set targets = {'definition_met': 'definition_met', 'contact': 'contact', 'contact_in_office_hours': 'contact',
                  'disposition': 'disposition', 'objection_logged': 'objection_logged', 'objection_shown': 'objection_shown'} %}
with

targets as (
    {% for measure, level in targets.items() %}
    select version, '{{ measure }}' as measure, {{ level }}_target as promised
    from {{ source('agreement', 'service_levels') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

counted as (
    select r.*, t.promised
    from {{ ref('int_sla_rows') }} as r
    left join targets as t on r.agreement_version = t.version and r.measure = t.measure
),

grouped as (
    select side, measure, week_start_on, team, owner_id, agreement_version, promised, state from counted where side = 'sales'
    union all
    select side, measure, week_start_on, team, '(all)' as owner_id, agreement_version, promised, state from counted
    union all
    -- marketing is one team
    select side, measure, week_start_on, '(all)' as team, '(all)' as owner_id, agreement_version, promised, state
    from counted
    where side = 'sales'
),

summed as (
    select
        week_start_on,
        side,
        team,
        owner_id,
        measure,
        cast(sum(case when state = 'met' then 1 else 0 end) as bigint) as met,
        cast(sum(case when state in ('met', 'missed') then 1 else 0 end) as bigint) as due,
        {% for state in states -%}
        cast(sum(case when state = '{{ state }}' then 1 else 0 end) as bigint) as {{ state }},
        {% endfor -%}
        sum(case when state not in ('{{ states | join("', '") }}') then promised end) as promised_of_due,
        sum(promised) as promised_of_all,
        count(*) as records,
        case when min(agreement_version) = max(agreement_version) then max(agreement_version) end as agreement_version
    from grouped
    group by week_start_on, side, team, owner_id, measure
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
    case
        when s.due > 0 then {{ ratio('s.promised_of_due', '(100 * s.due)') }}
        else {{ ratio('s.promised_of_all', '(100 * s.records)') }}
    end as target,
    s.agreement_version
from summed as s
left join {{ ref('core_users') }} as u on s.owner_id = u.user_id
