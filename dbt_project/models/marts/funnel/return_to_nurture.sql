-- What sales should not have been sent: handed over without meeting the definition, still without outcome.
with

leads as (
    select * from {{ ref('leads') }} where routing = 'unqualified_handed'
),

stages as (
    select * from {{ ref('int_lead_stages') }}
),

closed as (
    select lead_id from {{ ref('int_closed_leads') }}
),

handovers as (
    select * from {{ ref('handovers') }}
),

listed as (
    select l.*, h.owner_name
    from leads as l
    inner join stages as s on l.lead_id = s.lead_id and not s.has_opportunity
    inner join handovers as h on l.lead_id = h.lead_id and l.handed_over_at = h.handed_over_at
    left join closed as c on l.lead_id = c.lead_id
    where c.lead_id is null
)

select
    cast(row_number() over (order by handed_over_at, lead_id) as integer) as list_position,
    lead_id,
    source_name,
    record_url,
    company_name,
    channel,
    segment,
    region,
    owner_name,
    handed_over_at,
    not_qualified_reasons as missing,
    agreement_version
from listed
