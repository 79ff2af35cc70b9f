-- What each measure of the agreement counts: a handover or an objection, the instant whose week it falls in, who owes it,
-- under which version it was promised, and how it stands: met, missed, pending (not due by AS_OF, met or not) or unavailable.
with

handovers as (
    select * from {{ ref('handovers') }} where agreement_version is not null
),

objections as (
    select * from {{ ref('int_sla_objections') }}
),

contacts as (
    select
        handover_id,
        agreement_version,
        is_received_in_office_hours,
        contact_owner_team as team,
        contact_owner_id as owner_id,
        first_conversation_at,
        contact_due_at,
        case
            when contact_status like 'unavailable%' then 'unavailable'
            when contact_due_at is null or contact_due_at > {{ as_of() }} then 'pending'
            when contact_status = 'met' then 'met'
            else 'missed'
        end as state,
        -- what has no deadline is counted in the week it came
        case when contact_status not like 'unavailable%' then coalesce(contact_due_at, handed_over_at) else handed_over_at end
            as counted_at
    from handovers
),

counted as (
    select
        'marketing' as side, 'definition_met' as measure, handover_id as record_id, handed_over_at as counted_at,
        'marketing' as team, cast(null as {{ text_type() }}) as owner_id, agreement_version,
        case when definition_met then 'met' else 'missed' end as state
    from handovers
    where is_marketing
    union all
    select
        'marketing', 'right_industry_and_size', handover_id, handed_over_at, 'marketing', null, agreement_version,
        -- where one is wrong the other need not be known; what is unknown is neither right nor wrong
        case
            when not coalesce(industry_fits, true) or not coalesce(company_size_fits, true) then 'missed'
            when industry_fits and company_size_fits then 'met'
            else 'unavailable'
        end
    from handovers
    where is_marketing
    union all
    select 'sales', 'contact', handover_id, counted_at, team, owner_id, agreement_version, state
    from contacts
    union all
    select 'sales', 'contact_in_office_hours', handover_id, counted_at, team, owner_id, agreement_version, state
    from contacts
    where is_received_in_office_hours
    union all
    select
        'sales', 'conversation', handover_id, counted_at, team, owner_id, agreement_version,
        case
            when state in ('unavailable', 'pending') then state
            when first_conversation_at <= contact_due_at then 'met'
            else 'missed'
        end
    from contacts
    union all
    select
        'sales', 'disposition', handover_id, disposition_due_at, disposition_owner_team, disposition_owner_id,
        agreement_version,
        case
            when disposition_due_at > {{ as_of() }} then 'pending'
            when disposition_status in ('given', 'not_needed') then 'met'
            else 'missed'
        end
    from handovers
    union all
    -- of what sales gave up, whether it said why
    select
        'sales', 'disposition_explained', handover_id, disposition_due_at, disposition_owner_team, disposition_owner_id,
        agreement_version,
        case
            when is_disposition_explained is null then 'unavailable'
            when disposition_due_at > {{ as_of() }} then 'pending'
            when is_disposition_explained then 'met'
            else 'missed'
        end
    from handovers
    where sales_verdict in ('not_qualified', 'set_aside', 'unknown')
    union all
    select
        'sales', 'objection_logged', objection_id, log_due_at, owner_team, owner_id, agreement_version,
        case
            when logged_at is null then 'unavailable'
            when log_due_at > {{ as_of() }} then 'pending'
            when logged_at <= log_due_at then 'met'
            else 'missed'
        end
    from objections
    where is_of_the_log
    union all
    select
        'marketing', 'objection_shown', objection_id, show_due_at, 'marketing', null, agreement_version,
        case
            when not is_showing_told or logged_at is null then 'unavailable'
            when show_due_at > {{ as_of() }} then 'pending'
            when first_shown_at <= show_due_at then 'met'
            else 'missed'
        end
    from objections
)

select
    side,
    measure,
    record_id,
    {{ period_start('week', local_day('counted_at')) }} as week_start_on,
    team,
    case when side = 'sales' then coalesce(owner_id, 'unknown') end as owner_id,
    agreement_version,
    state
from counted
