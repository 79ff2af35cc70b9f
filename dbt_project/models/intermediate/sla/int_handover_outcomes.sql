-- What sales made of each handover: the first advance and the first disposal that are its own, and whether in time.
with

handovers as (
    select *, {{ instant_of(microseconds('handed_over_at') ~ ' + disposition_within_us') }} as disposition_due_at
    from {{ ref('int_handover_spans') }}
),

statuses as (
    select
        c.lead_id,
        s.stage,
        c.changed_at,
        coalesce({{ words('c.old_value') }}, '') <> {{ words('c.new_value') }} as is_move
    from {{ ref('int_lead_changes') }} as c
    inner join {{ source('agreement', 'stages') }} as s
        on s.entity = 'lead' and {{ words('c.new_value') }} = s.source_word
    where c.field = 'status'
),

events as (
    select lead_id, 'advanced' as kind, changed_at as happened_at from statuses where stage = 'sql'
    union all
    select lead_id, 'advanced', claimed_sql_at from {{ ref('core_leads') }} where claimed_sql_at is not null
    union all
    select lead_id, 'advanced', opportunity_at from {{ ref('int_lead_deals') }} where is_after_lead and opportunity_at is not null
    union all
    select lead_id, 'disposed', changed_at from statuses where stage in ('recycled', 'disqualified') and is_move
    union all
    select lead_id, 'disposed', disposed_at
    from {{ ref('int_lead_versions') }}
    where disposition is not null and disposed_at is not null
    union all
    select lead_id, 'disposed', recycled_at from {{ ref('int_recycles') }}
),

firsts as (
    select
        h.handover_id,
        min(case when e.kind = 'advanced' then e.happened_at end) as advanced_at,
        min(case when e.kind = 'disposed' then e.happened_at end) as disposed_at
    from handovers as h
    inner join events as e
        on
            h.lead_id = e.lead_id
            -- sales may confirm a lead before it is handed over, but cannot dispose of what it has not got
            and e.happened_at >= case when e.kind = 'advanced' then h.started_at else h.handed_over_at end
            and (h.next_handed_over_at is null or e.happened_at < h.next_handed_over_at)
            and e.happened_at <= {{ as_of() }}
    group by h.handover_id
),

-- what is said of a lead without a day is said of its latest handover
said as (
    select l.lead_id, l.disposed_at, d.disposition
    from {{ ref('core_leads') }} as l
    left join {{ source('agreement', 'dispositions') }} as d on {{ words('l.disposition') }} = d.source_word
    where l.disposition is not null and (l.disposed_at is null or l.disposed_at <= {{ as_of() }})
),

joined as (
    select
        h.*,
        f.advanced_at,
        f.disposed_at,
        coalesce(f.advanced_at <= f.disposed_at or f.disposed_at is null, false) as is_advance_first,
        case when s.disposed_at is null or s.disposed_at >= h.handed_over_at then s.disposition end as disposition,
        s.lead_id is not null and s.disposed_at is null as is_disposed_undated
    from handovers as h
    left join firsts as f on h.handover_id = f.handover_id
    left join said as s on h.lead_id = s.lead_id and h.is_latest
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
            when is_disposed_undated then 'given'
            when disposition_due_at <= {{ as_of() }} then 'missing'
            else 'pending'
        end as disposition_status
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
    case
        when j.is_latest and j.resolved_at is null and c.lead_id is null and j.disposition_status in ('missing', 'pending')
            then {{ days_between('j.handed_over_at', as_of()) }}
    end as aging_days,
    case
        when j.advanced_at is not null and j.is_advance_first then 'qualified'
        when j.disposed_at is not null then 'not_qualified'
        -- disposed of, only nobody knows when
        when j.disposition_status = 'given' then 'not_qualified'
        else 'pending'
    end as sales_verdict
from judged as j
left join closed as c on j.lead_id = c.lead_id
