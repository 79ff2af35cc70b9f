-- Channel, segment and region of each lead by the agreement's ordered rules; the first that matches wins.
with

-- what a changed field held at AS_OF
held as (
    select lead_id, field, value
    from {{ ref('int_lead_values') }}
    where
        field in ('status', 'industry', 'employee_count')
        and (from_at is null or from_at <= {{ as_of() }}) and (until_at is null or until_at > {{ as_of() }})
),

versions as (
    select version
    from {{ ref('int_versions') }}
    where in_force_at <= {{ as_of() }} and (in_force_until_at is null or in_force_until_at > {{ as_of() }})
),

-- what was known at AS_OF, to be judged in the words of the version then in force
known as (
    select
        l.lead_id,
        case when hs.lead_id is not null then hs.value else l.status end as lead_status,
        case when hi.lead_id is not null then hi.value else l.industry end as industry,
        case when he.lead_id is not null then {{ integer('he.value') }} else l.employee_count end as employee_count,
        l.country,
        l.state
    from {{ ref('core_leads') }} as l
    left join held as hs on l.lead_id = hs.lead_id and hs.field = 'status'
    left join held as hi on l.lead_id = hi.lead_id and hi.field = 'industry'
    left join held as he on l.lead_id = he.lead_id and he.field = 'employee_count'
),

-- few industries and sizes, however many leads
kinds as (
    select distinct v.version, k.industry, k.employee_count
    from known as k
    cross join versions as v
),

segments as (
    {{ segments_of('kinds') }}
),

-- few places, however many leads
places as (
    select distinct country, state from known
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
    k.lead_id,
    f.lead_source,
    k.lead_status,
    k.industry,
    coalesce(c.channel, 'unmapped') as channel,
    coalesce(c.is_marketing, false) as is_marketing,
    s.segment,
    r.region
from known as k
inner join {{ ref('int_first_sources') }} as f on k.lead_id = f.record_id and f.entity = 'leads'
left join {{ ref('int_channels') }} as c on f.channel_key = c.channel_key
left join segments as s
    on
        k.industry is not distinct from s.industry and k.employee_count is not distinct from s.employee_count
        and s.choice = 1
left join regions as r
    on k.country is not distinct from r.country and k.state is not distinct from r.state and r.choice = 1
