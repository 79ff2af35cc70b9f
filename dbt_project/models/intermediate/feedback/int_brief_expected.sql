-- What was heard in the agreed days before each handover in its segment (in all where it has none) of what the profile
-- expected, and of what it did not; nothing heard: what it expected. One row per handover.
with

handovers as (
    select *, coalesce(segment, '') as place from {{ ref('int_brief_handovers') }}
),

spoken as (
    select
        category,
        segment,
        case when logged_at > raised_at then logged_at else raised_at end as known_at,
        {{ days_after(setting('lead_brief_objection_days'), 'raised_at') }} as past_at
    from {{ ref('int_objections') }}
    where not is_unmapped
),

-- each comes once it is known, and goes when the days since it was raised are over; one that is logged later never comes
heard as (
    select category, segment, known_at as happened_at, 1 as objections from spoken where known_at < past_at
    union all
    select category, segment, past_at as happened_at, -1 as objections from spoken where known_at < past_at
),

categories as (
    select distinct category from heard
),

-- each objection in its segment and among all, and each handover beside them
events as (
    select segment as place, category, happened_at, objections, cast(null as {{ text_type() }}) as handover_id
    from heard
    where segment is not null
    union all
    select '' as place, category, happened_at, objections, cast(null as {{ text_type() }}) from heard
    union all
    select h.place, c.category, h.handed_over_at as happened_at, 0 as objections, h.handover_id
    from handovers as h
    cross join categories as c
),

summed as (
    select
        handover_id,
        category,
        sum(objections) over (
            partition by place, category order by happened_at asc, abs(objections) desc
            rows between unbounded preceding and current row
        ) as objections
    from events
),

profiles as (
    select
        version,
        {{ words('value') }} as name,
        min(value) as value
    from {{ source('agreement', 'ideal_customer_profile') }}
    where item = 'expected_objection'
    group by version, {{ words('value') }}
),

numbered as (
    select
        h.handover_id,
        s.category,
        s.objections,
        p.name is not null as is_expected,
        row_number() over (
            partition by h.handover_id, p.name is not null order by s.objections desc, s.category asc
        ) as number
    from summed as s
    inner join handovers as h on s.handover_id = h.handover_id
    left join profiles as p on h.version = p.version and {{ words('s.category') }} = p.name
    where s.objections > 0
),

listed as (
    select
        *,
        category || ' ' || cast(objections as {{ text_type() }}) as told,
        number <= {{ setting('lead_brief_listed') }} as is_listed
    from numbered
),

lists as (
    select
        handover_id,
        is_expected,
        sum(objections) as objections,
        {{ told_window() }} || ': ' || {{ told_list('told', 'number', 'is_listed') }} as told
    from listed
    group by handover_id, is_expected
),

fallbacks as (
    select version, 'none ' || {{ told_window() }} || ', expected only: ' || {{ listed_in_order('value', 'name') }} as told
    from profiles
    group by version
)

select
    h.handover_id,
    case when h.version is not null then coalesce(e.told, f.told) end as expected_objections,
    case when h.version is not null then u.told end as unexpected_objections,
    coalesce(e.objections, 0) + coalesce(u.objections, 0) as segment_objections
from handovers as h
left join lists as e on h.handover_id = e.handover_id and e.is_expected
left join lists as u on h.handover_id = u.handover_id and not u.is_expected
left join fallbacks as f on h.version = f.version
