-- What open_deals counts is listed, and a slip is one of the times at which the date was changed.
with

listed as (
    select deal_id, count(*) as slips, max(slip_number) as newest from {{ ref('pipeline_slips') }} group by deal_id
)

select o.deal_id, o.times_redated, o.times_slipped, l.slips
from {{ ref('open_deals') }} as o
left join listed as l on o.deal_id = l.deal_id
where
    o.times_slipped <> coalesce(l.slips, 0) or l.slips <> l.newest or o.times_slipped > o.times_redated
    or (o.times_slipped is null and l.slips > 0)
