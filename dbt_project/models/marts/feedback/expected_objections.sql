with

-- each version against what was heard while it was in force
versions as (
    select
        version,
        in_force_at,
        case when in_force_until_at <= {{ as_of() }} then in_force_until_at end as in_force_until_at
    from {{ ref('int_versions') }}
    where in_force_at <= {{ as_of() }}
),

observed as (
    select v.version, o.category, o.is_unmapped, cast(count(*) as bigint) as objections
    from versions as v
    inner join {{ ref('int_objections') }} as o
        on o.raised_at >= v.in_force_at and (v.in_force_until_at is null or o.raised_at < v.in_force_until_at)
    group by v.version, o.category, o.is_unmapped
),

totals as (
    select version, cast(sum(objections) as bigint) as all_objections from observed group by version
),

told as (
    select
        count(*) > 0 or (select count(*) from {{ source('run', 'delivered') }} where entity = 'objections') > 0 as is_told
    from {{ ref('int_objections') }}
),

expected as (
    select
        version,
        {{ words('value') }} as name,
        min(value) as category
    from {{ source('agreement', 'ideal_customer_profile') }}
    where item = 'expected_objection'
    group by version, {{ words('value') }}
),

listed as (
    select o.version, o.category, {{ words('o.category') }} as name, o.is_unmapped, o.objections
    from observed as o
    union all
    select e.version, e.category, e.name, false as is_unmapped, cast(0 as bigint) as objections
    from expected as e
    left join observed as o on e.version = o.version and e.name = {{ words('o.category') }}
    where o.category is null
)

select
    v.version as agreement_version,
    v.in_force_until_at is null as is_in_force,
    v.in_force_at,
    v.in_force_until_at,
    l.category,
    case when not l.is_unmapped then e.name is not null end as is_expected,
    case when t.is_told then l.objections end as objections,
    case when t.is_told then coalesce(s.all_objections, 0) end as all_objections,
    {{ ratio('l.objections', 'coalesce(s.all_objections, 0)') }} as share,
    {{ wilson('l.objections', 'coalesce(s.all_objections, 0)', '-') }} as share_low,
    {{ wilson('l.objections', 'coalesce(s.all_objections, 0)', '+') }} as share_high,
    case when t.is_told then 'ok' else 'unavailable: no objections' end as status
from versions as v
inner join listed as l on v.version = l.version
cross join told as t
left join totals as s on v.version = s.version
left join expected as e on l.version = e.version and l.name = e.name
