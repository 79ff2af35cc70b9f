-- The signed versions with the span of instants in which each is the one in force.
select
    version,
    in_force_at,
    lead(in_force_at) over (order by in_force_at) as in_force_until_at
from {{ source('agreement', 'versions') }}
where is_signed
