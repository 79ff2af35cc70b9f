-- Lost deals with a closing date, and their amounts, add up over weeks and reasons.
with

weekly as (
    select sum(deals) as deals, sum(lost_amount) as amount from {{ ref('loss_reasons_weekly') }}
),

lost as (
    select count(*) as deals, sum(deal_amount) as amount
    from {{ ref('deals') }}
    where status = 'lost' and closed_at is not null
)

select l.deals, w.deals as weekly_deals
from lost as l
cross join weekly as w
where coalesce(w.deals, 0) <> l.deals or w.amount is distinct from l.amount
