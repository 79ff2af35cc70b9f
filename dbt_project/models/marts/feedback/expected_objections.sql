with

-- the last four complete fiscal quarters
ended as (
    select {{ period_start('fiscal_quarter', days_later(1, last_day())) }} as until_on
),

span as (
    select {{ months_later(-12, 'until_on') }} as from_on, until_on from ended
),

observed as (
    select o.category, o.is_unmapped, cast(count(*) as bigint) as objections
    from {{ ref('int_objections') }} as o
    cross join span as s
    where o.raised_on >= s.from_on and o.raised_on < s.until_on
    group by o.category, o.is_unmapped
),

total as (
    select
        cast(coalesce(sum(objections), 0) as bigint) as all_objections,
        count(*) > 0 or (
            select count(*) from {{ source('run', 'delivered') }} where entity = 'objections'
        ) > 0 as is_told
    from observed
),

versions as (
    select
        version,
        in_force_at <= {{ as_of() }} and (in_force_until_at is null or in_force_until_at > {{ as_of() }}) as is_in_force
    from {{ ref('int_versions') }}
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
    select v.version, v.is_in_force, o.category, {{ words('o.category') }} as name, o.is_unmapped, o.objections
    from versions as v
    cross join observed as o
    union all
    select v.version, v.is_in_force, e.category, e.name, false, cast(0 as bigint)
    from versions as v
    inner join expected as e on v.version = e.version
    left join observed as o on e.name = {{ words('o.category') }}
    where o.category is null
)

select
    l.version as agreement_version,
    l.is_in_force,
    l.category,
    case when not l.is_unmapped then e.name is not null end as is_expected,
    s.from_on,
    s.until_on,
    case when t.is_told then l.objections end as objections,
    case when t.is_told then t.all_objections end as all_objections,
    {{ ratio('l.objections', 't.all_objections') }} as share,
    {{ wilson('l.objections', 't.all_objections', '-') }} as share_low,
    {{ wilson('l.objections', 't.all_objections', '+') }} as share_high,
    case when t.is_told then 'ok' else 'unavailable: no objections' end as status
from listed as l
cross join span as s
cross join total as t
left join expected as e on l.version = e.version and l.name = e.name
