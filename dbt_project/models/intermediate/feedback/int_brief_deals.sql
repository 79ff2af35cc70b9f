-- What each account had bought, lost us or left open by each handover, as it stood then. One row per handover with any deal.
with

-- a reason is known of the last closing only
pairs as (
    select
        h.handover_id, h.handed_over_at, d.deal_id, d.deal_type, d.created_at, d.status as status_now, d.closed_at,
        case when d.status = 'lost' and d.closed_at <= h.handed_over_at then d.lost_reason end as lost_reason
    from {{ ref('int_brief_handovers') }} as h
    inner join {{ ref('deals') }} as d on h.account_id = d.account_id and d.created_at <= h.handed_over_at
),

states as (
    select
        p.handover_id,
        p.deal_id,
        s.stage,
        s.amount,
        s.currency,
        {{ local_day('s.amount_set_at') }} as amount_set_on,
        row_number() over (partition by p.handover_id, p.deal_id order by s.state_at desc) as recency
    from pairs as p
    inner join {{ ref('int_deal_states') }} as s on p.deal_id = s.deal_id and s.state_at <= p.handed_over_at
),

stood as (
    select
        p.handover_id,
        p.deal_id,
        p.deal_type,
        p.created_at,
        p.lost_reason,
        g.stage,
        case when t.status <> 'open' and p.status_now <> 'open' and p.closed_at is null then 'undated' else t.status end
            as status,
        case
            when t.status = 'open' then null
            when p.closed_at <= p.handed_over_at then p.closed_at
            else t.from_at
        end as closed_at,
        {{ in_reporting_currency('s.amount', 's.currency', 'r.rate') }} as deal_amount
    from pairs as p
    inner join {{ ref('int_deal_statuses') }} as t
        on
            p.deal_id = t.deal_id and t.from_at <= p.handed_over_at
            and (t.until_at is null or t.until_at > p.handed_over_at)
    inner join states as s on p.handover_id = s.handover_id and p.deal_id = s.deal_id and s.recency = 1
    left join {{ source('agreement', 'stages') }} as g on g.entity = 'deal' and {{ words('s.stage') }} = g.source_word
    left join {{ ref('int_fx_rates') }} as r
        on s.currency = r.currency and s.amount_set_on >= r.from_on and s.amount_set_on < r.until_on
),

told as (
    select
        *,
        case status when 'undated' then 'closed' else status end || coalesce(' ' || deal_type, '') || ' deal'
        || case status
            when 'open' then ' since ' || {{ told_day('created_at') }}
            when 'undated' then ' of ' || {{ told_day('created_at') }} || ', no closing date'
            else ' on ' || {{ told_day('closed_at') }}
        end
        || coalesce(', ' || {{ told_amount('deal_amount') }}, ', no amount')
        || case status
            when 'open' then coalesce(', ' || stage, '')
            when 'lost' then ', ' || coalesce(lost_reason, 'no reason known')
            else ''
        end as told,
        row_number() over (
            partition by handover_id
            order by case when status in ('won', 'lost') then closed_at else created_at end desc, deal_id
        ) as number
    from stood
),

listed as (
    select *, number <= {{ setting('lead_brief_listed') }} as is_listed from told
)

select
    handover_id,
    count(*) as deals,
    {% for status in ['won', 'lost', 'open'] -%}
    sum(case when status = '{{ status }}' then 1 else 0 end) as {{ status }}_deals,
    cast(sum(case when status = '{{ status }}' then deal_amount end) as decimal(18, 2)) as {{ status }}_amount,
    {% endfor -%}
    {{ told_list('told', 'number', 'is_listed') }} as history,
    {{ listed_in_order('case when is_listed then deal_id end', 'number') }} as deal_ids
from listed
group by handover_id
