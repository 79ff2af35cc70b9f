{% set periods = ['week', 'month', 'fiscal_quarter', 'fiscal_year'] %}
with

reached as (
    select *, {{ local_day('created_at') }} as created_on from {{ ref('int_lead_reached') }}
),

-- people are counted once, per day; the periods add up days
by_day as (
    select
        created_on,
        channel,
        stage,
        max(when_not_told) as when_not_told,
        sum(case when is_told then 1 else 0 end) as told,
        sum(case when is_reached then 1 else 0 end) as reached
    from reached
    group by created_on, channel, stage
),

in_periods as (
    {% for period in periods %}
    select
        '{{ period }}' as period_kind,
        {{ period_start(period, 'created_on') }} as period_start_on,
        channel,
        stage,
        when_not_told,
        told,
        reached
    from by_day
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

by_channel as (
    select period_kind, period_start_on, channel, stage, when_not_told, told, reached from in_periods
    union all
    select period_kind, period_start_on, 'all' as channel, stage, when_not_told, told, reached from in_periods
),

counted as (
    select
        period_kind,
        period_start_on,
        channel,
        stage,
        max(when_not_told) as when_not_told,
        cast(sum(told) as bigint) as cohort_size,
        cast(sum(reached) as bigint) as reached
    from by_channel
    group by period_kind, period_start_on, channel, stage
),

dated as (
    select
        *,
        {{ day_start(
            "case period_kind when 'week' then " ~ next_period_start('week', 'period_start_on')
            ~ " when 'month' then " ~ next_period_start('month', 'period_start_on')
            ~ " when 'fiscal_quarter' then " ~ next_period_start('fiscal_quarter', 'period_start_on')
            ~ " else " ~ next_period_start('fiscal_year', 'period_start_on') ~ " end") }} as ended_at
    from counted
),

judged as (
    select
        *,
        case
            when cohort_size = 0 then when_not_told
            when {{ microseconds(as_of()) }} - {{ microseconds('ended_at') }}
                >= cast({{ setting('maturity_days') }} as bigint) * 86400000000 then 'final'
            else 'maturing'
        end as status
    from dated
)

select
    period_kind,
    period_start_on,
    channel,
    stage,
    cohort_size,
    case when status in ('final', 'maturing') then reached end as reached,
    case when status = 'final' then cast(reached as double) / cast(cohort_size as double) end as rate,
    status
from judged
