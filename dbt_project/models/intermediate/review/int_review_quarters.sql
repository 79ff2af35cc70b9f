-- The fiscal quarter that runs at each review and the next, with the forecast that the review shows: the first published in the
-- seven days after the week, else the newest backtest by the Monday after it.
{% set horizons = {'this quarter': 0, 'next quarter': 3} %}
with

weeks as (
    select * from {{ ref('int_review_weeks') }}
),

made as (
    select distinct origin, as_of_on, as_of_at
    from {{ ref('revenue_forecast') }}
    where segment = 'all'
),

ranked as (
    select
        w.week_start_on,
        m.origin,
        m.as_of_on,
        m.as_of_at,
        row_number() over (
            partition by w.week_start_on
            order by
                case when m.origin = 'published' then 0 else 1 end,
                case when m.origin = 'published' then m.as_of_at end nulls last,
                m.as_of_at desc nulls last
        ) as choice
    from weeks as w
    inner join made as m
        on
            m.as_of_on >= w.week_start_on
            and m.as_of_on <= case when m.origin = 'published' then {{ days_later(6, 'w.next_week_on') }} else w.next_week_on end
            and (m.origin = 'backtest' or m.as_of_on >= w.next_week_on)
),

dated as (
    select
        w.week_start_on,
        w.agreement_version,
        r.origin,
        r.as_of_at,
        coalesce(r.as_of_on, w.next_week_on) as made_on
    from weeks as w
    left join ranked as r on w.week_start_on = r.week_start_on and r.choice = 1
),

in_quarters as (
    {% for horizon, months in horizons.items() %}
    select
        *,
        '{{ horizon }}' as horizon,
        {{ loop.index0 }} as horizon_order,
        {{ months_later(months, period_start('fiscal_quarter', 'made_on') | trim) }} as starts_on
    from dated
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    week_start_on,
    agreement_version,
    origin,
    as_of_at,
    made_on,
    horizon,
    horizon_order,
    {{ fiscal_quarter_name('starts_on') }} as fiscal_quarter,
    starts_on,
    {{ days_later(-1, months_later(3, 'starts_on')) }} as ends_on
from in_quarters
