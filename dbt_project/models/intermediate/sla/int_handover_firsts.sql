-- When each handover first advanced and when it was first disposed of, each in its own time.
with

handovers as (
    select * from {{ ref('int_handover_spans') }}
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
)

select h.handover_id, f.advanced_at, f.disposed_at
from handovers as h
left join firsts as f on h.handover_id = f.handover_id
