-- Sales and marketing expenses per record and local day; media is left out where its spend is delivered day by day.
with

spending as (
    select * from {{ ref('int_spending') }} where record_kind = 'expense' and cost_amount is not null
),

expenses as (
    select source_name || ':' || source_key as record_id, team, {{ words('kind') }} as kind from {{ ref('core_expenses') }}
),

media as (
    select count(*) as spend_rows from {{ ref('core_ad_spend') }}
)

select s.spent_on, s.record_id, e.team, e.kind, s.cost_amount
from spending as s
inner join expenses as e on s.record_id = e.record_id
cross join media as m
where m.spend_rows = 0 or e.kind is null or e.kind <> 'media'
