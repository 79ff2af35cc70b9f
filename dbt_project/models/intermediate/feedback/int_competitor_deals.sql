-- Deals in scope that name a competitor, under the name's most frequent spelling, with the local day that places them in
-- a period: of the closing, or the last counted day while open. One row per deal.
with

named as (
    select deal_id, {{ words('competitor') }} as name, trim({{ rewritten('competitor', '[\\s\\p{Z}]+', ' ') }}) as spelling
    from {{ ref('core_deals') }}
),

deals as (
    select d.*, n.name, n.spelling
    from {{ ref('deals') }} as d
    inner join named as n on d.deal_id = n.deal_id
    where n.name <> '' and {{ is_in_scope('d.deal_type') }}
),

spellings as (
    select
        name,
        spelling,
        row_number() over (partition by name order by count(*) desc, spelling) as choice
    from deals
    group by name, spelling
)

select
    d.deal_id,
    s.spelling as competitor,
    d.status,
    d.deal_amount,
    case when d.status = 'open' then {{ last_day() }} else {{ local_day('d.closed_at') }} end as placed_on
from deals as d
inner join spellings as s on d.name = s.name and s.choice = 1
where d.status = 'open' or d.closed_at is not null
