-- Segment and region of each company, for deals that have no lead: the same rules, on the company's own record.
with

companies as (
    select * from {{ ref('core_companies') }}
),

version as (
    select version
    from {{ ref('int_versions') }}
    where in_force_at <= {{ as_of() }} and (in_force_until_at is null or in_force_until_at > {{ as_of() }})
),

known as (
    select c.company_id, c.employee_count, i.industry
    from companies as c
    cross join version as v
    left join {{ source('agreement', 'industries') }} as i
        on v.version = i.version and {{ words('c.industry') }} = i.source_word
),

segments as (
    select c.company_id, r.segment, row_number() over (partition by c.company_id order by r.rule_order) as choice
    from known as c
    inner join {{ source('agreement', 'segments') }} as r
        on
            (r.industry is null or {{ words('r.industry') }} = {{ words('c.industry') }})
            and (r.min_employees is null or c.employee_count >= r.min_employees)
            and (r.max_employees is null or c.employee_count <= r.max_employees)
),

regions as (
    select c.company_id, r.region, row_number() over (partition by c.company_id order by r.rule_order) as choice
    from companies as c
    inner join {{ source('agreement', 'regions') }} as r
        on
            (r.country is null or r.country = {{ words('c.country') }})
            and (r.state is null or r.state = {{ words('c.state') }})
)

select c.company_id, s.segment, r.region
from companies as c
left join segments as s on c.company_id = s.company_id and s.choice = 1
left join regions as r on c.company_id = r.company_id and r.choice = 1
