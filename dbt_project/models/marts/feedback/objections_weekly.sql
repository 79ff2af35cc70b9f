with

objections as (
    select
        *,
        {{ period_start('week', 'raised_on') }} as week_start_on,
        coalesce(segment, 'unknown') as known_segment
    from {{ ref('int_objections') }}
),

counted as (
    select
        week_start_on,
        category,
        is_unmapped,
        cast(count(*) as bigint) as objections,
        cast(sum(case when surprised then 1 else 0 end) as bigint) as surprised,
        cast(sum(case when surprised is not null then 1 else 0 end) as bigint) as surprised_known,
        cast(sum(case when answered_at is not null then 1 else 0 end) as bigint) as answered,
        cast(sum(case when is_first_of_its_kind then 1 else 0 end) as bigint) as new_kinds,
        max(case when is_first_of_its_kind then 1 when not is_first_of_its_kind then 0 end) = 1 as is_new
    from objections
    group by week_start_on, category, is_unmapped
),

-- a deal is at stake once, however often it was objected to in a week
deals as (
    select distinct o.week_start_on, o.category, d.deal_id, d.deal_amount
    from objections as o
    inner join {{ ref('int_objection_deals') }} as d on o.objection_id = d.objection_id
),

stakes as (
    select week_start_on, category, cast(sum(deal_amount) as decimal(18, 2)) as amount_at_stake_amount
    from deals
    group by week_start_on, category
),

segments as (
    select week_start_on, category, {{ listed_in_order('known_segment', 'known_segment') }} as segments
    from (select distinct week_start_on, category, known_segment from objections) as each_once
    group by week_start_on, category
),

numbered as (
    select
        week_start_on,
        category,
        objection_id,
        row_number() over (partition by week_start_on, category order by objection_id) as number
    from objections
),

marked as (
    select *, number <= {{ setting('objections_listed') }} as is_listed from numbered
),

ids as (
    select week_start_on, category, {{ told_list('objection_id', 'number', 'is_listed') }} as objection_ids
    from marked
    group by week_start_on, category
),

answers as (
    select
        week_start_on, category, answered_at, marketing_action,
        row_number() over (partition by week_start_on, category order by answered_at desc, objection_id asc) as choice
    from objections
    where answered_at is not null
),

-- a week in which nothing was heard is a week, too
span as (
    select
        min(o.week_start_on) as first_on,
        greatest(max(o.week_start_on), {{ period_start('week', 'max(l.last_on)') }}) as last_on
    from objections as o
    cross join {{ ref('int_last_day') }} as l
),

mondays as (
    select {{ days_later('7 * (n.day_number - 1)', 's.first_on') }} as week_start_on
    from span as s
    inner join {{ ref('int_day_numbers') }} as n on {{ days_apart('s.first_on', 's.last_on') }} >= 7 * (n.day_number - 1)
),

weeks as (
    select
        week_start_on,
        {{ day_start('week_start_on') }} as starts_at,
        {{ day_start(next_period_start('week', 'week_start_on')) }} as ends_at
    from mondays
),

-- the version in force when the week began, else at its end
versions as (
    select
        w.week_start_on,
        w.ends_at <= {{ as_of() }} as is_over,
        coalesce(max(case when v.in_force_at <= w.starts_at then v.version end), max(v.version)) as agreement_version
    from weeks as w
    left join {{ ref('int_versions') }} as v on v.in_force_at < w.ends_at and v.in_force_at <= {{ as_of() }}
    group by w.week_start_on, w.ends_at
),

expected as (
    select distinct version, {{ words('value') }} as category
    from {{ source('agreement', 'ideal_customer_profile') }}
    where item = 'expected_objection'
),

ranked as (
    select
        c.*,
        s.amount_at_stake_amount,
        row_number() over (
            partition by c.week_start_on
            order by c.objections desc, s.amount_at_stake_amount desc nulls last, c.category asc
        ) as rank,
        cast(sum(c.objections) over (partition by c.week_start_on) as bigint) as week_objections,
        cast(count(*) over (partition by c.week_start_on) as bigint) as week_categories,
        cast(sum(c.new_kinds) over (partition by c.week_start_on) as bigint) as week_new_kinds
    from counted as c
    left join stakes as s on c.week_start_on = s.week_start_on and c.category = s.category
)

select
    v.week_start_on,
    cast(r.rank as integer) as rank,
    r.category,
    {% for count in ['objections', 'week_objections', 'week_categories', 'week_new_kinds', 'surprised', 'surprised_known'] -%}
    coalesce(r.{{ count }}, 0) as {{ count }},
    {% endfor -%}
    {{ ratio('r.surprised', 'r.surprised_known') }} as surprised_share,
    {{ wilson('r.surprised', 'r.surprised_known', '-') }} as surprised_share_low,
    {{ wilson('r.surprised', 'r.surprised_known', '+') }} as surprised_share_high,
    r.amount_at_stake_amount,
    g.segments,
    i.objection_ids,
    case when not r.is_unmapped and v.agreement_version is not null then e.category is not null end as is_expected,
    r.is_new,
    coalesce(r.answered, 0) as answered,
    a.answered_at,
    case when {{ setting('publish_marketing_actions') }} then a.marketing_action end as marketing_action,
    v.agreement_version,
    case when r.category is null then 'no objections' when v.is_over then 'final' else 'maturing' end as status
from versions as v
left join ranked as r on v.week_start_on = r.week_start_on
left join segments as g on r.week_start_on = g.week_start_on and r.category = g.category
left join ids as i on r.week_start_on = i.week_start_on and r.category = i.category
left join answers as a on r.week_start_on = a.week_start_on and r.category = a.category and a.choice = 1
left join expected as e on v.agreement_version = e.version and {{ words('r.category') }} = e.category
where r.category is null or r.rank <= {{ setting('objections_top') }}
