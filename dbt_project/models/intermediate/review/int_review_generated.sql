-- What each week brought into the pipeline, by source and in all, beside the week before and the average of thirteen weeks.
{% set average = from_paisa(divided_down('2 * ' ~ to_paisa('sum_13_amount') ~ ' + 13', '26')) %}
with

weeks as (
    select * from {{ ref('int_review_weeks') }}
),

first_week as (
    select min(week_start_on) as first_on from weeks
),

generated as (
    select week_start_on, source, deals, generated_amount, history_status from {{ ref('pipeline_generated_weekly') }}
    union all
    select
        week_start_on,
        '(all)' as source,
        sum(deals) as deals,
        sum(generated_amount) as generated_amount,
        case
            when min(history_status) = max(history_status) then min(history_status)
            else 'partly kept'
        end as history_status
    from {{ ref('pipeline_generated_weekly') }}
    group by week_start_on
),

-- a source is told of when it brought something in one of the thirteen weeks; all of them together always are
summed as (
    select
        w.week_start_on,
        w.agreement_version,
        g.source,
        sum(case when g.week_start_on = w.week_start_on then g.deals else 0 end) as deals,
        sum(case when g.week_start_on = w.week_start_on then g.generated_amount else 0 end) as generated_amount,
        sum(case when {{ days_later(7, 'g.week_start_on') }} = w.week_start_on then g.deals else 0 end) as before_deals,
        sum(case when {{ days_later(7, 'g.week_start_on') }} = w.week_start_on then g.generated_amount else 0 end) as before_amount,
        sum(g.generated_amount) as sum_13_amount,
        max(case when g.week_start_on = w.week_start_on then g.history_status end) as history_status
    from weeks as w
    inner join generated as g
        on g.week_start_on <= w.week_start_on and g.week_start_on > {{ days_later(-91, 'w.week_start_on') }}
    group by w.week_start_on, w.agreement_version, g.source
),

told as (
    select week_start_on, source from summed
    union
    select week_start_on, '(all)' as source from weeks
),

joined as (
    select
        t.week_start_on,
        w.agreement_version,
        w.week_end_on,
        t.source,
        coalesce(s.deals, 0) as deals,
        coalesce(s.generated_amount, 0) as generated_amount,
        coalesce(s.before_deals, 0) as before_deals,
        coalesce(s.before_amount, 0) as before_amount,
        cast(coalesce(s.sum_13_amount, 0) as decimal(18, 2)) as sum_13_amount,
        case when s.history_status is null or s.history_status = 'kept' then 'ok' else s.history_status end as status,
        case when {{ days_apart('f.first_on', 't.week_start_on') }} < 84 then 'short history' else 'ok' end as status_13,
        case when t.source = '(all)' then 0 else row_number() over (
            partition by t.week_start_on order by case when t.source = '(all)' then 1 else 0 end asc, s.sum_13_amount desc, t.source asc
        ) end as place
    from told as t
    inner join weeks as w on t.week_start_on = w.week_start_on
    cross join first_week as f
    left join summed as s on t.week_start_on = s.week_start_on and t.source = s.source
),

named as (
    select *, case when source = '(all)' then '(all)' else 'source' end as dimension from joined
)

select
    {{ review_figure('generated', '3 * place + 1', "'generated'", 'week_start_on', 'week_end_on', "'amount'",
                     period_kind="'week'", dimension='dimension', dimension_value='source', value_amount='generated_amount',
                     before_amount='before_amount', status='status') }}
from named
union all
select
    {{ review_figure('generated', '3 * place + 2', "'generated_deals'", 'week_start_on', 'week_end_on', "'count'",
                     period_kind="'week'", dimension='dimension', dimension_value='source', value='deals',
                     before='before_deals', status='status') }}
from named
union all
select
    {{ review_figure('generated', '3 * place + 3', "'generated_13_weeks'", days_later(-84, 'week_start_on'), 'week_end_on',
                     "'amount'", period_kind="'weeks_13'", dimension='dimension', dimension_value='source',
                     value_amount=average, status='status_13') }}
from named
