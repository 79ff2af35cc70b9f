-- Quarters and years add up to all, in every count and amount.
with

sums as (
    select
        competitor, period_kind,
        sum(deals_against) as deals, sum(won) as won, sum(lost) as lost, sum(coalesce(won_amount, 0)) as won_amount,
        sum(coalesce(lost_amount, 0)) as lost_amount, sum(coalesce(open_amount, 0)) as open_amount
    from {{ ref('competitors') }}
    group by competitor, period_kind
)

select a.competitor, b.period_kind
from sums as a
inner join sums as b on a.competitor = b.competitor
where
    a.period_kind = 'all'
    and (
        a.deals <> b.deals or a.won <> b.won or a.lost <> b.lost
        or a.won_amount <> b.won_amount or a.lost_amount <> b.lost_amount or a.open_amount <> b.open_amount
    )
