-- What slipped in each week, for the how-manieth time and what became of it, beside the deals that were open at its start and all
-- that left a quarter's pipeline by its date.
{% set kinds = {'slipped': 'true', 'slipped_before': 'has_slipped_before', 'won': "outcome = 'won'", 'lost': "outcome = 'lost'",
                'scrubbed': "outcome = 'scrubbed'", 'still_open': "outcome = 'open'"} %}
with

opened as (
    select
        week_start_on,
        source,
        count(*) as open_deals,
        sum(case when {{ day_start('week_start_on') }} < due_dates_known_from_at then 1 else 0 end) as not_followed_deals
    from {{ ref('int_pipeline_weeks') }}
    group by week_start_on, source
),

-- a deal counts once in its week, its amount as often as it slipped
of_deals as (
    select
        week_start_on,
        source,
        deal_id,
        outcome,
        count(*) as slips,
        count(*) - count(slipped_amount) as unpriced_slips,
        min(slip_number) > 1 as has_slipped_before,
        sum(coalesce(slipped_amount, 0)) as amount
    from {{ ref('pipeline_slips') }}
    group by week_start_on, source, deal_id, outcome
),

slipped as (
    select
        week_start_on,
        source,
        sum(slips) as slips,
        sum(unpriced_slips) as unpriced_slips
        {%- for kind, condition in kinds.items() %},
        sum(case when {{ condition }} then 1 else 0 end) as {{ kind }}_deals,
        sum(case when {{ condition }} then amount else 0 end) as {{ kind }}_amount
        {%- endfor %}
    from of_deals
    group by week_start_on, source
),

moved as (
    select
        m.week_start_on,
        m.source,
        -sum(m.movement_amount) as pushed_out_amount,
        -sum(case when d.is_nearer then m.movement_amount else 0 end) as drawn_nearer_amount,
        -sum(case when d.is_slip or d.is_nearer then 0 else m.movement_amount end) as otherwise_moved_amount
    from {{ ref('pipeline_movements') }} as m
    left join {{ ref('int_pipeline_due_dates') }} as d on m.deal_id = d.deal_id and m.moved_at = d.state_at
    where m.movement = 'pushed_out'
    group by m.week_start_on, m.source
),

cells as (
    select week_start_on, source from opened
    union
    select week_start_on, source from slipped
    union
    select week_start_on, source from moved
),

joined as (
    select
        c.week_start_on,
        c.source,
        coalesce(o.open_deals, 0) as open_deals,
        coalesce(o.not_followed_deals, 0) as not_followed_deals,
        coalesce(s.slips, 0) as slips,
        coalesce(s.unpriced_slips, 0) as unpriced_slips,
        {% for kind in kinds -%}
        coalesce(s.{{ kind }}_deals, 0) as {{ kind }}_deals,
        coalesce(s.{{ kind }}_amount, 0) as {{ kind }}_amount,
        {% endfor -%}
        coalesce(m.pushed_out_amount, 0) as pushed_out_amount,
        coalesce(m.drawn_nearer_amount, 0) as drawn_nearer_amount,
        coalesce(m.otherwise_moved_amount, 0) as otherwise_moved_amount
    from cells as c
    left join opened as o on c.week_start_on = o.week_start_on and c.source = o.source
    left join slipped as s on c.week_start_on = s.week_start_on and c.source = s.source
    left join moved as m on c.week_start_on = m.week_start_on and c.source = m.source
),

-- where nobody followed any date, nobody can say what slipped
known as (
    select *, open_deals > 0 and not_followed_deals = open_deals and slips = 0 as is_unknown from joined
)

select
    week_start_on,
    source,
    cast(open_deals as bigint) as open_deals,
    cast(not_followed_deals as bigint) as not_followed_deals,
    cast(case when not is_unknown then slips end as bigint) as slips,
    cast(case when not is_unknown then unpriced_slips end as bigint) as unpriced_slips,
    {% for kind in kinds -%}
    cast(case when not is_unknown then {{ kind }}_deals end as bigint) as {{ kind }}_deals,
    cast(case when not is_unknown then {{ kind }}_amount end as decimal(18, 2)) as {{ kind }}_amount,
    {% endfor -%}
    cast(pushed_out_amount as decimal(18, 2)) as pushed_out_amount,
    cast(drawn_nearer_amount as decimal(18, 2)) as drawn_nearer_amount,
    cast(otherwise_moved_amount as decimal(18, 2)) as otherwise_moved_amount,
    case when {{ days_later(6, 'week_start_on') }} > {{ last_day() }} or still_open_deals > 0 then 'maturing' else 'final' end
        as maturity,
    case
        when is_unknown then 'unavailable: no history of due dates'
        when not_followed_deals > 0 then 'partly kept'
        else 'kept'
    end as history_status
from known
