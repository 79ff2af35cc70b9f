-- How sales answered each handover: the first contact, its deadline in the office's hours, whether it was met.
with

handovers as (
    select * from {{ ref('int_handover_spans') }}
),

contacts as (
    select *, {{ local_day('first_contact_at') }} as first_contact_on from {{ ref('int_handover_contacts') }}
),

calendar as (
    select * from {{ source('agreement', 'calendar') }}
),

active as (
    select distinct ids_of from {{ source('run', 'delivered') }} where entity = 'activities'
),

clocked as (
    select
        h.*,
        c.first_contact_at,
        c.first_conversation_at,
        a.ids_of is not null as has_activities,
        {{ is_in_office_hours('d', 'h.handed_over_at') }} as is_received_in_office_hours,
        {{ clock('d', 'h.handed_over_at') }} + h.contact_within_us as due_us,
        {{ business_microseconds('d', 'h.handed_over_at', 'e', 'c.first_contact_at') }} as business_us,
        {{ microseconds('c.first_contact_at') }} - {{ microseconds('h.handed_over_at') }} as elapsed_us
    from handovers as h
    left join contacts as c on h.handover_id = c.handover_id
    left join active as a on h.ids_of = a.ids_of
    left join calendar as d on h.agreement_version = d.version and h.handed_over_on = d.day_on
    left join calendar as e on h.agreement_version = e.version and c.first_contact_on = e.day_on
),

due as (
    select c.*, {{ instant_of_clock('d', 'c.due_us') }} as contact_due_at
    from clocked as c
    left join calendar as d on c.agreement_version = d.version and {{ clock_lies_in('d', 'c.due_us') }}
)

select
    handover_id,
    is_received_in_office_hours,
    first_contact_at,
    first_conversation_at,
    elapsed_us < 0 as is_contacted_before_handover,
    case
        when agreement_version is null then null
        -- the calendar need not reach back to a contact before the version came into force
        when elapsed_us <= 0 then cast(0 as double)
        else {{ in_hours('business_us') }}
    end as response_business_hours,
    case when elapsed_us <= 0 then cast(0 as double) else {{ in_hours('elapsed_us') }} end as response_elapsed_hours,
    contact_due_at,
    case
        when agreement_version is null then 'unavailable: no agreement in force'
        when not has_activities then 'unavailable: no activities'
        when first_contact_at <= contact_due_at then 'met'
        when first_contact_at > contact_due_at or contact_due_at <= {{ as_of() }} then 'breached'
        else 'pending'
    end as contact_status
from due
