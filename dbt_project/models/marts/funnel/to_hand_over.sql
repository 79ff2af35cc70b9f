-- What marketing owes sales: qualified, not handed over, no opportunity and no closing disposition.
with

leads as (
    select * from {{ ref('leads') }}
),

verdicts as (
    select * from {{ ref('int_lead_verdicts') }}
),

stages as (
    select * from {{ ref('int_lead_stages') }}
),

closed as (
    select lead_id from {{ ref('int_closed_leads') }}
),

lapses as (
    select * from {{ ref('int_intent_lapses') }}
),

waiting as (
    select l.*, 'qualified' as waiting_status, cast(null as {{ instant_type() }}) as intent_lapsed_at
    from leads as l
    inner join verdicts as v on l.lead_id = v.lead_id
    -- a recycled lead keeps the verdict of its handover; it is due again only while it meets the definition today
    where l.routing = 'qualified_waiting' and (l.handover_status <> 'recycled' or v.reasons_as_of is null)
    union all
    -- nothing but the intent stopped holding, and not long ago
    select l.*, 'intent lapsed' as waiting_status, p.lapsed_at as intent_lapsed_at
    from leads as l
    inner join verdicts as v on l.lead_id = v.lead_id
    inner join lapses as p on l.lead_id = p.lead_id
    where
        l.routing = 'nurture' and v.handover_status = 'not handed' and l.mql_at is not null
        and v.reasons_as_of = 'not intent'
        and p.lapsed_at <= {{ as_of() }}
        and {{ microseconds(as_of()) }} - {{ microseconds('p.lapsed_at') }}
            < cast({{ setting('intent_lapsed_days') }} as bigint) * 86400000000
),

listed as (
    select
        w.*,
        case
            when v.recycled_at > w.mql_at then v.recycled_at
            else coalesce(w.mql_at, w.created_at)
        end as due_since_at
    from waiting as w
    inner join verdicts as v on w.lead_id = v.lead_id
    inner join stages as s on w.lead_id = s.lead_id and not s.has_opportunity
    left join closed as c on w.lead_id = c.lead_id
    where c.lead_id is null
)

select
    cast(row_number() over (order by due_since_at, lead_id) as integer) as list_position,
    lead_id,
    source_name,
    record_url,
    company_name,
    channel,
    segment,
    region,
    waiting_status,
    handover_status,
    created_at,
    due_since_at as waiting_since_at,
    intent_lapsed_at,
    cast(floor(
        ({{ microseconds(as_of()) }} - {{ microseconds('due_since_at') }}) / 86400000000.0
    ) as integer) as waiting_days,
    agreement_version
from listed
