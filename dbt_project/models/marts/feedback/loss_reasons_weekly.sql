with

deals as (
    select
        deal_id,
        {{ local_day('closed_at') }} as closed_on,
        coalesce(lost_reason, 'not given') as loss_reason,
        coalesce(segment, 'unknown') as segment,
        deal_amount
    from {{ ref('deals') }}
    where status = 'lost' and closed_at is not null
),

placed as (
    select *, {{ period_start('week', 'closed_on') }} as week_start_on from deals
),

counted as (
    select
        week_start_on,
        loss_reason,
        cast(count(*) as bigint) as deals,
        cast(sum(deal_amount) as decimal(18, 2)) as lost_amount
    from placed
    group by week_start_on, loss_reason
),

segments as (
    select week_start_on, loss_reason, {{ listed_in_order('segment', 'segment') }} as segments
    from (select distinct week_start_on, loss_reason, segment from placed) as each_once
    group by week_start_on, loss_reason
),

totals as (
    select *, cast(sum(deals) over (partition by week_start_on) as bigint) as week_deals from counted
)

select
    c.week_start_on,
    c.loss_reason,
    c.deals,
    c.week_deals,
    {{ ratio('c.deals', 'c.week_deals') }} as share,
    {{ wilson('c.deals', 'c.week_deals', '-') }} as share_low,
    {{ wilson('c.deals', 'c.week_deals', '+') }} as share_high,
    c.lost_amount,
    s.segments,
    case
        when {{ day_start(next_period_start('week', 'c.week_start_on')) }} <= {{ as_of() }} then 'final'
        else 'maturing'
    end as status
from totals as c
inner join segments as s on c.week_start_on = s.week_start_on and c.loss_reason = s.loss_reason
