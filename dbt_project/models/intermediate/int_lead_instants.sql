-- Every instant at which a lead's verdict is asked for, and every one at which it may turn true:
-- creation, a change of a judged field, a touch of an agreed kind, a version's start, a handover, AS_OF.
with

leads as (
    select * from {{ ref('core_leads') }}
),

instants as (
    select lead_id, created_at as judged_at from leads
    union all
    select lead_id, {{ as_of() }} as judged_at from leads
    union all
    select lead_id, changed_at as judged_at
    from {{ ref('int_lead_changes') }}
    where field in ('industry', 'employee_count', 'annual_revenue', 'job_title')
    union all
    select lead_id, happened_at as judged_at
    from {{ ref('int_lead_touches') }}
    where kind in (select kind from {{ source('agreement', 'intent_behaviours') }})
    union all
    select l.lead_id, v.in_force_at as judged_at
    from leads as l
    inner join {{ ref('int_versions') }} as v on v.in_force_at > l.created_at
)

select i.lead_id, i.judged_at
from instants as i
inner join leads as l on i.lead_id = l.lead_id and i.judged_at >= l.created_at
where i.judged_at <= {{ as_of() }}
union
select lead_id, handed_over_at as judged_at
from {{ ref('int_handovers') }}
