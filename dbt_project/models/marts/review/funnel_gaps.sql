-- Where the funnel loses more than it used to: of each reviewed week the newest fiscal quarter whose leads have all had their
-- days, step by step, against the eight quarters before.
with

weeks as (
    select * from {{ ref('int_review_weeks') }}
),

quarters as (
    select
        quarter_on,
        {{ months_later(3, 'quarter_on') }} as next_quarter_on,
        {{ day_start(months_later(3, 'quarter_on')) }} as ended_at
    from {{ ref('int_gap_cells') }}
    where transition_order = 1
),

mature as (
    select w.week_start_on, max(q.quarter_on) as quarter_on
    from weeks as w
    inner join quarters as q
        on {{ microseconds('w.ended_at') }} - {{ microseconds('q.ended_at') }}
            >= cast({{ setting('maturity_days') }} as bigint) * 86400000000
    group by w.week_start_on
),

steps as (
    {% for name, from_stage, to_stage in transitions() %}
    select {{ loop.index }} as transition_order, '{{ name }}' as transition, '{{ from_stage }}' as from_stage, '{{ to_stage }}' as to_stage
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- what the leads of the eight quarters have brought in by the week's end
worth as (
    select m.week_start_on, v.transition_order, sum(v.won_amount) as won_amount
    from mature as m
    inner join {{ ref('int_gap_values') }} as v
        on
            v.quarter_on < m.quarter_on and v.quarter_on >= {{ months_later(-24, 'm.quarter_on') }}
            and v.week_start_on <= m.week_start_on
    group by m.week_start_on, v.transition_order
),

joined as (
    select
        w.week_start_on,
        s.transition_order,
        s.transition,
        s.from_stage,
        s.to_stage,
        m.quarter_on,
        r.entrants,
        r.reached,
        r.current_rate,
        r.baseline_quarters,
        r.baseline_entrants,
        r.baseline_reached,
        r.baseline_rate,
        r.dispersion,
        r.margin,
        coalesce(r.status, 'short history') as status,
        r.baseline_rate - r.current_rate as difference,
        {{ ratio('coalesce(v.won_amount, 0)', 'r.baseline_reached') }} as value_per_lead
    from weeks as w
    cross join steps as s
    left join mature as m on w.week_start_on = m.week_start_on
    left join {{ ref('int_gap_rates') }} as r on m.quarter_on = r.quarter_on and s.transition_order = r.transition_order
    left join worth as v on w.week_start_on = v.week_start_on and s.transition_order = v.transition_order
),

priced as (
    select
        *,
        {{ amount_of('value_per_lead') }} as value_per_lead_amount,
        {{ amount_of('difference * entrants * value_per_lead') }} as gap_amount,
        {{ amount_of('(difference - margin) * entrants * value_per_lead') }} as low_amount,
        {{ amount_of('(difference + margin) * entrants * value_per_lead') }} as high_amount
    from joined
),

ranked as (
    select
        *,
        coalesce(low_amount > 0, false) as is_beyond_noise,
        row_number() over (
            partition by week_start_on
            order by case when low_amount > 0 then 0 else 1 end asc, gap_amount desc nulls last, transition_order asc
        ) as choice
    from priced
)

select
    week_start_on,
    transition_order,
    transition,
    from_stage,
    to_stage,
    quarter_on as from_on,
    {{ days_later(-1, months_later(3, 'quarter_on')) }} as until_on,
    {{ months_later(-24, 'quarter_on') }} as baseline_from_on,
    {{ days_later(-1, 'quarter_on') }} as baseline_until_on,
    baseline_quarters,
    baseline_entrants,
    baseline_reached,
    baseline_rate,
    entrants,
    reached,
    current_rate,
    dispersion,
    difference * entrants as leads_lost,
    (difference - margin) * entrants as leads_lost_low,
    (difference + margin) * entrants as leads_lost_high,
    value_per_lead_amount,
    gap_amount,
    low_amount,
    high_amount,
    is_beyond_noise,
    is_beyond_noise and choice = 1 as is_named,
    case when status = 'ok' and not is_beyond_noise then 'no gap beyond noise' else status end as status
from ranked
