-- Each shared metric in the newest fiscal quarter that was over by the week's end and is final then, beside the quarter before.
with

weeks as (
    select * from {{ ref('int_review_weeks') }}
),

quarters as (
    select
        m.*,
        d.metric_order,
        {{ months_later(3, 'm.period_start_on') }} as next_start_on,
        {{ day_start(months_later(3, 'm.period_start_on')) }} as ended_at,
        lag(m.value) over (partition by m.metric order by m.period_start_on) as value_before
    from {{ ref('shared_metrics') }} as m
    inner join {{ ref('metric_definitions') }} as d on m.metric = d.metric
    where m.period_kind = 'fiscal_quarter' and m.dimension = 'total'
),

-- a cohort's last lead has had its days some time after the quarter is over
known as (
    select
        w.week_start_on,
        q.metric,
        q.period_start_on,
        case
            when q.metric <> 'lead_to_opportunity_rate' then q.status
            when
                {{ microseconds('w.ended_at') }} - {{ microseconds('q.ended_at') }}
                < cast({{ setting('maturity_days') }} as bigint) * 86400000000
                then 'maturing'
            else q.status
        end as status
    from weeks as w
    inner join quarters as q on q.next_start_on <= w.next_week_on
),

ranked as (
    select
        *,
        row_number() over (
            partition by week_start_on, metric
            order by case when status = 'final' then 0 else 1 end, period_start_on desc
        ) as choice
    from known
),

joined as (
    select
        w.week_start_on,
        w.week_end_on,
        w.agreement_version,
        d.metric,
        d.metric_order,
        d.unit,
        k.status,
        q.period_start_on,
        q.next_start_on,
        case when k.status <> 'maturing' then q.value end as value,
        q.value_before,
        q.numerator,
        q.denominator,
        d.unit = 'amount' as is_amount
    from weeks as w
    cross join {{ ref('metric_definitions') }} as d
    left join ranked as k on w.week_start_on = k.week_start_on and d.metric = k.metric and k.choice = 1
    left join quarters as q on k.metric = q.metric and k.period_start_on = q.period_start_on
)

select
    {{ review_figure(
        'metrics', 'metric_order', 'metric', 'coalesce(period_start_on, week_start_on)',
        "case when next_start_on is null then week_end_on else " ~ days_later(-1, 'next_start_on') ~ " end", 'unit',
        period_kind="case when period_start_on is null then 'week' else 'fiscal_quarter' end",
        value='case when not is_amount then value end', value_amount='case when is_amount then ' ~ amount_of('value') ~ ' end',
        before='case when not is_amount then value_before end',
        before_amount='case when is_amount then ' ~ amount_of('value_before') ~ ' end', numerator='numerator',
        denominator='denominator', status="coalesce(status, 'short history: no quarter was over')") }}
from joined
