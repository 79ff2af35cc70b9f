-- Channel, segment and region of each lead by the agreement's ordered rules; the first that matches wins.
with

leads as (
    select * from {{ ref('core_leads') }}
),

-- the words a changed field held at AS_OF
held as (
    select lead_id, field, value
    from {{ ref('int_lead_values') }}
    where
        field in ('status', 'industry')
        and (from_at is null or from_at <= {{ as_of() }}) and (until_at is null or until_at > {{ as_of() }})
),

-- what was known at AS_OF, in the words of the version then in force
known as (
    select a.lead_id, a.industry, a.employee_count, v.version
    from {{ ref('int_lead_attributes') }} as a
    inner join {{ ref('int_versions') }} as v
        on a.judged_at >= v.in_force_at and (v.in_force_until_at is null or a.judged_at < v.in_force_until_at)
    where a.judged_at = {{ as_of() }}
),

industries as (
    select a.lead_id, i.industry
    from known as a
    inner join {{ source('agreement', 'industries') }} as i
        on a.version = i.version and {{ words('a.industry') }} = i.source_word
),

segments as (
    select
        l.lead_id,
        r.segment,
        row_number() over (partition by l.lead_id order by r.rule_order) as choice
    from known as l
    left join industries as i on l.lead_id = i.lead_id
    inner join {{ source('agreement', 'segments') }} as r
        on
            (r.industry is null or {{ words('r.industry') }} = {{ words('i.industry') }})
            and (r.min_employees is null or l.employee_count >= r.min_employees)
            and (r.max_employees is null or l.employee_count <= r.max_employees)
),

-- few places, however many leads
places as (
    select distinct country, state from leads
),

regions as (
    select
        p.country,
        p.state,
        r.region,
        row_number() over (partition by p.country, p.state order by r.rule_order) as choice
    from places as p
    inner join {{ source('agreement', 'regions') }} as r
        on
            (r.country is null or r.country = {{ words('p.country') }})
            and (r.state is null or r.state = {{ words('p.state') }})
)

select
    l.lead_id,
    f.lead_source,
    case when hs.lead_id is not null then hs.value else l.status end as lead_status,
    case when hi.lead_id is not null then hi.value else l.industry end as industry,
    coalesce(c.channel, 'unmapped') as channel,
    coalesce(c.is_marketing, false) as is_marketing,
    s.segment,
    r.region
from leads as l
inner join {{ ref('int_first_sources') }} as f on l.lead_id = f.record_id and f.entity = 'leads'
left join {{ ref('int_channels') }} as c on f.channel_key = c.channel_key
left join held as hs on l.lead_id = hs.lead_id and hs.field = 'status'
left join held as hi on l.lead_id = hi.lead_id and hi.field = 'industry'
left join segments as s on l.lead_id = s.lead_id and s.choice = 1
left join regions as r
    on l.country is not distinct from r.country and l.state is not distinct from r.state and r.choice = 1
