-- The spans in which each deal was open, won or lost: by its stages where their history is kept, else by its closing.
with

deals as (
    select * from {{ ref('deals') }}
),

told as (
    select v.deal_id, coalesce(s.status, 'open') as status, v.from_at, v.until_at
    from {{ ref('int_deal_values') }} as v
    left join {{ source('agreement', 'stages') }} as s
        on s.entity = 'deal' and {{ words('v.value') }} = s.source_word
    where v.field = 'stage'
),

untold as (
    select d.*
    from deals as d
    left join (select distinct deal_id from told) as t on d.deal_id = t.deal_id
    where t.deal_id is null
),

spans as (
    select deal_id, status, from_at, until_at from told
    union all
    select deal_id, 'open' as status, created_at as from_at, closed_at as until_at from untold where closed_at is not null
    union all
    select deal_id, status, coalesce(closed_at, created_at) as from_at, null as until_at from untold
),

-- a deal has no status before it exists
clipped as (
    select
        s.deal_id,
        s.status,
        case when s.from_at > d.created_at then s.from_at else d.created_at end as from_at,
        s.until_at
    from spans as s
    inner join deals as d on s.deal_id = d.deal_id
    where s.from_at is null or s.from_at <= {{ as_of() }}
)

select deal_id, status, from_at, case when until_at <= {{ as_of() }} then until_at end as until_at
from clipped
where until_at is null or until_at > from_at
