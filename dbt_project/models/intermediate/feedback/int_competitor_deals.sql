-- Deals in scope and the competitors they met, by the deal's own field and by the log of objections, under the name's most
-- frequent spelling, with the local day that places them in a period: of the closing, or the last counted day while open.
-- One row per deal and competitor.
with

told as (
    select deal_id, competitor, 1 as is_own from {{ ref('core_deals') }}
    union all
    select deal_id, competitor, 0 as is_own from {{ ref('int_raised_objections') }}
),

named as (
    select
        deal_id,
        is_own,
        {{ words('competitor') }} as name,
        trim({{ rewritten('competitor', '[\\s\\p{Z}]+', ' ') }}) as spelling
    from told
    where competitor is not null
),

deals as (
    select d.*, n.name, n.spelling, n.is_own
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
    case when d.status = 'open' then {{ last_day() }} else {{ local_day('d.closed_at') }} end as placed_on,
    max(d.is_own) = 0 as is_logged_only
from deals as d
inner join spellings as s on d.name = s.name and s.choice = 1
where d.status = 'open' or d.closed_at is not null
group by d.deal_id, s.spelling, d.status, d.deal_amount, d.closed_at
