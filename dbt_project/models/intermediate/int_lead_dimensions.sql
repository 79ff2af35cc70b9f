-- Channel, segment and region of each lead by the agreement's ordered rules; the first that matches wins.
with

leads as (
    select * from {{ ref('core_leads') }}
),

industries as (
    select l.lead_id, i.industry
    from leads as l
    inner join {{ source('agreement', 'industries') }} as i
        on i.version = (select max(version) from {{ source('agreement', 'industries') }})
        and {{ words('l.industry') }} = i.source_word
),

segments as (
    select
        l.lead_id,
        r.segment,
        row_number() over (partition by l.lead_id order by r.rule_order) as choice
    from leads as l
    left join industries as i on l.lead_id = i.lead_id
    inner join {{ source('agreement', 'segments') }} as r
        on
            (r.industry is null or {{ words('r.industry') }} = {{ words('i.industry') }})
            and (r.min_employees is null or l.employee_count >= r.min_employees)
            and (r.max_employees is null or l.employee_count <= r.max_employees)
),

regions as (
    select
        l.lead_id,
        r.region,
        row_number() over (partition by l.lead_id order by r.rule_order) as choice
    from leads as l
    inner join {{ source('agreement', 'regions') }} as r
        on
            (r.country is null or r.country = {{ words('l.country') }})
            and (r.state is null or r.state = {{ words('l.state') }})
)

select
    l.lead_id,
    f.lead_source,
    coalesce(c.channel, 'unmapped') as channel,
    coalesce(c.is_marketing, false) as is_marketing,
    s.segment,
    r.region
from leads as l
inner join {{ ref('int_first_sources') }} as f on l.lead_id = f.record_id and f.entity = 'leads'
left join {{ ref('int_channels') }} as c on f.source_pair = c.source_pair
left join segments as s on l.lead_id = s.lead_id and s.choice = 1
left join regions as r on l.lead_id = r.lead_id and r.choice = 1
