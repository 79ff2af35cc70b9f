-- The newest word of sales that belongs to each handover, from the versions of its lead's record.
with

handovers as (
    select s.handover_id, s.lead_id, s.handed_over_at, s.next_handed_over_at, s.is_latest, f.disposed_at
    from {{ ref('int_handover_spans') }} as s
    inner join {{ ref('int_handover_firsts') }} as f on s.handover_id = f.handover_id
),

versions as (
    select
        v.lead_id, v.version_number, v.holds_from_at, v.disposition, v.disposed_at,
        v.version_number = l.version_number as is_current
    from {{ ref('int_lead_versions') }} as v
    inner join {{ ref('core_leads') }} as l on v.lead_id = l.lead_id
),

-- a date says whose a word is; without one it is of the latest handover as long as it stands, and else of the one that had
-- been given up when the record was written so
said as (
    select
        h.handover_id,
        v.disposition,
        v.disposed_at is null as is_undated,
        row_number() over (
            partition by h.handover_id
            order by case when v.is_current then 0 else 1 end, v.holds_from_at desc nulls last, v.version_number desc
        ) as choice
    from handovers as h
    inner join versions as v
        on
            h.lead_id = v.lead_id
            and case
                when v.disposed_at is not null
                    then v.disposed_at >= h.handed_over_at and v.disposed_at <= {{ as_of() }}
                        and (h.next_handed_over_at is null or v.disposed_at < h.next_handed_over_at)
                when v.is_current and h.is_latest then true
                else v.holds_from_at >= h.disposed_at
                    and (h.next_handed_over_at is null or v.holds_from_at < h.next_handed_over_at)
            end
    where v.disposition is not null
),

-- the record of an earlier handover as it stood between its end and the next one
seen as (
    select distinct h.handover_id
    from handovers as h
    inner join versions as v
        on h.lead_id = v.lead_id and v.holds_from_at >= h.disposed_at and v.holds_from_at < h.next_handed_over_at
)

select
    h.handover_id,
    d.disposition,
    d.criterion,
    coalesce(not d.says_not_qualified, false) as is_without_dispute,
    coalesce(s.is_undated, false) as is_undated,
    -- what the record said then may have been written over since
    case
        when s.handover_id is not null then true
        when h.is_latest or n.handover_id is not null then false
    end as is_explained
from handovers as h
left join said as s on h.handover_id = s.handover_id and s.choice = 1
left join seen as n on h.handover_id = n.handover_id
left join {{ source('agreement', 'dispositions') }} as d on {{ words('s.disposition') }} = d.source_word
