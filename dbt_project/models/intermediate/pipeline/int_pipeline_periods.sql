-- Months, fiscal quarters and fiscal years from the first deal to the last day, with the deals that were open in a stage that
-- is known on any of their days, and those open in one that nobody knows. One row per period.
{% set kinds = ['month', 'fiscal_quarter', 'fiscal_year'] %}
with

open_turns as (
    select
        *,
        least(coalesce(left_at, {{ as_of() }}), {{ as_of() }}) as open_until_at,
        coalesce(left_on, {{ last_day() }}) as open_until_on,
        least({{ local_day('stages_known_from_at') }}, {{ last_day() }}) as known_from_on
    from {{ ref('int_pipeline_turns') }}
    where standing = 'open'
),

{# a turn whose stage is known from some day on has both a part that is not known and one that is #}
parts as (
    select
        deal_id,
        true as is_known,
        case when turned_at < stages_known_from_at then known_from_on else turned_on end as from_on,
        open_until_on as until_on
    from open_turns
    where stage is not null and stages_known_from_at <= open_until_at
    union all
    select
        deal_id,
        false as is_known,
        turned_on as from_on,
        case when stage is null or open_until_at < stages_known_from_at then open_until_on else known_from_on end as until_on
    from open_turns
    where stage is null or turned_at < stages_known_from_at
),

span as (
    select min(turned_on) as first_on, {{ last_day() }} as last_on from {{ ref('int_pipeline_turns') }}
),

days as (
    select {{ days_later('n.day_number - 1', 's.first_on') }} as day_on
    from span as s
    inner join {{ ref('int_day_numbers') }} as n on {{ days_apart('s.first_on', 's.last_on') }} + 1 >= n.day_number
),

periods as (
    {% for kind in kinds %}
    select distinct
        '{{ kind }}' as period_kind,
        {{ period_start(kind, 'day_on') }} as period_start_on,
        {{ next_period_start(kind, period_start(kind, 'day_on')) }} as period_end_on
    from days
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    p.period_kind,
    p.period_start_on,
    p.period_end_on,
    {{ day_start('p.period_end_on') }} > {{ as_of() }} as is_running,
    count(distinct case when t.is_known then t.deal_id end) as known_deals,
    count(distinct case when not t.is_known then t.deal_id end) as unknown_deals
from periods as p
left join parts as t on p.period_start_on <= t.until_on and p.period_end_on > t.from_on
group by p.period_kind, p.period_start_on, p.period_end_on
