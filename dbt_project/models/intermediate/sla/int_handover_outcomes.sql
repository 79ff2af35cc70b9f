-- What sales made of each handover: whether it advanced or was disposed of, in time, and what sales says by it.
with

handovers as (
    select *, {{ instant_of(microseconds('handed_over_at') ~ ' + disposition_within_us') }} as disposition_due_at
    from {{ ref('int_handover_spans') }}
),

joined as (
    select
        h.*,
        f.advanced_at,
        f.disposed_at,
        coalesce(f.advanced_at <= f.disposed_at or f.disposed_at is null, false) as is_advance_first,
        w.disposition,
        w.is_explained,
        w.is_without_dispute,
        w.is_undated
    from handovers as h
    inner join {{ ref('int_handover_firsts') }} as f on h.handover_id = f.handover_id
    inner join {{ ref('int_handover_words') }} as w on h.handover_id = w.handover_id
),

judged as (
    select
        *,
        case when advanced_at is not null and is_advance_first then advanced_at else disposed_at end as resolved_at,
        case
            when agreement_version is null then 'unavailable: no agreement in force'
            when advanced_at <= disposition_due_at and is_advance_first then 'not_needed'
            when disposed_at <= disposition_due_at then 'given'
            when advanced_at is not null or disposed_at is not null then 'late'
            when is_undated then 'given'
            when disposition_due_at <= {{ as_of() }} then 'missing'
            else 'pending'
        end as disposition_status,
        case
            when advanced_at is not null and is_advance_first then 'qualified'
            -- disposed of, even if nobody knows when
            when disposed_at is not null or is_undated
                then case
                    when is_without_dispute then 'set_aside'
                    -- the word was written over since, and may have disputed nothing
                    when is_explained is null then 'unknown'
                    else 'not_qualified'
                end
            else 'pending'
        end as sales_verdict
    from joined
),

closed as (
    select distinct lead_id from {{ ref('int_lead_deals') }} where status in ('won', 'lost')
)

select
    j.handover_id,
    j.advanced_at,
    j.disposed_at,
    j.resolved_at,
    j.disposition_due_at,
    j.disposition_status,
    j.disposition,
    case when j.sales_verdict in ('not_qualified', 'set_aside', 'unknown') then j.is_explained end as is_disposition_explained,
    case
        when j.is_latest and j.resolved_at is null and c.lead_id is null and j.disposition_status in ('missing', 'pending')
            then {{ days_between('j.handed_over_at', as_of()) }}
    end as aging_days,
    j.sales_verdict
from judged as j
left join closed as c on j.lead_id = c.lead_id
