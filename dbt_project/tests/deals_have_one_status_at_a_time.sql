-- At every instant a deal is open, won or lost: spans neither overlap nor leave a gap.
select *
from (
    select
        deal_id, status, until_at,
        lead(from_at) over (partition by deal_id order by from_at, until_at nulls last) as next_from_at
    from {{ ref('int_deal_statuses') }}
) as spans
where coalesce(until_at <> next_from_at, until_at is null and next_from_at is not null or until_at is not null and next_from_at is null)
