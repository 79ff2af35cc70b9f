-- At every instant a field of a deal has one value: an overlap would double the deal in a join.
select *
from (
    select
        deal_id, field, until_at,
        lead(from_at) over (partition by deal_id, field order by from_at nulls first, until_at) as next_from_at
    from {{ ref('int_deal_values') }}
) as spans
where until_at > next_from_at
