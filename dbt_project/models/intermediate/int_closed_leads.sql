-- Leads that sales has closed out: a closing disposition, or a status that means disqualified.
with

leads as (
    select
        l.lead_id,
        case when l.disposed_at is null or l.disposed_at <= {{ as_of() }} then l.disposition end as disposition,
        case when v.lead_id is not null then v.value else l.status end as status
    from {{ ref('core_leads') }} as l
    left join {{ ref('int_lead_values') }} as v
        on
            l.lead_id = v.lead_id and v.field = 'status'
            and (v.from_at is null or v.from_at <= {{ as_of() }})
            and (v.until_at is null or v.until_at > {{ as_of() }})
)

select distinct l.lead_id
from leads as l
left join {{ source('agreement', 'dispositions') }} as d on {{ words('l.disposition') }} = d.source_word
left join {{ source('agreement', 'stages') }} as s on s.entity = 'lead' and {{ words('l.status') }} = s.source_word
where coalesce(d.is_closing, false) or coalesce(s.stage, '') = 'disqualified'
