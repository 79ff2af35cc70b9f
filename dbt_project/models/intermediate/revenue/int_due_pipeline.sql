-- Open deals due in a fiscal quarter or year, as they were just before it began; for the latest ones as they are at AS_OF.
-- Open is what the pipeline calls open: what sales omits from its forecast is not in it.
with

periods as (
    select * from {{ ref('int_periods') }} where period_kind in ('fiscal_quarter', 'fiscal_year')
),

moments as (
    select distinct seen_at, is_seen_at_as_of from periods
),

deals as (
    select * from {{ ref('int_deal_facts') }} where is_in_scope
),

states as (
    select
        s.*,
        m.seen_at,
        m.is_seen_at_as_of,
        row_number() over (partition by s.deal_id, m.seen_at order by s.state_at desc) as recency
    from {{ ref('int_deal_states') }} as s
    inner join deals as d on s.deal_id = d.deal_id and s.state_at >= d.created_at
    inner join moments as m on s.state_at < m.seen_at or (m.is_seen_at_as_of and s.state_at = m.seen_at)
),

open_then as (
    select s.*
    from states as s
    inner join {{ ref('int_pipeline_states') }} as t
        on
            s.deal_id = t.deal_id and t.status = 'open'
            and (t.state_at < s.seen_at or (s.is_seen_at_as_of and t.state_at = s.seen_at))
            and (t.until_at is null or (t.until_at >= s.seen_at and not s.is_seen_at_as_of))
    where s.recency = 1
),

due as (
    select
        p.period_kind, p.period_start_on, s.deal_id, s.expected_close_on as due_on, s.amount, s.currency,
        {{ local_day('s.amount_set_at') }} as amount_set_on
    from open_then as s
    inner join periods as p
        on s.seen_at = p.seen_at and s.expected_close_on >= p.period_start_on and s.expected_close_on < p.period_end_on
)

select
    s.period_kind,
    s.period_start_on,
    s.deal_id,
    d.account_id,
    s.due_on,
    {{ in_reporting_currency('s.amount', 's.currency', 'r.rate') }} as due_amount,
    d.channel, d.segment, d.region, d.owner_team
from due as s
inner join deals as d on s.deal_id = d.deal_id
left join {{ ref('int_fx_rates') }} as r
    on s.currency = r.currency and s.amount_set_on >= r.from_on and s.amount_set_on < r.until_on
