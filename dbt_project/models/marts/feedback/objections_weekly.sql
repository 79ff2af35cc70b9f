{% set ids_listed = 20 %}
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
        min(week_start_on) over (partition by category) as first_week_on
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
        week_start_on, category, objection_id, answered_at, marketing_action,
        row_number() over (partition by week_start_on, category order by raised_at, objection_id) as place,
        row_number() over (
            partition by week_start_on, category order by answered_at desc nulls last, objection_id asc
        ) as answer_place
    from objections
),

ids as (
    select
        week_start_on, category,
        {{ listed_in_order('case when place <= ' ~ ids_listed ~ ' then objection_id end', 'place') }}
            || case when max(place) > {{ ids_listed }} then '; ...' else '' end as objection_ids,
        max(case when answer_place = 1 and answered_at is not null then marketing_action end) as marketing_action
    from numbered
    group by week_start_on, category
),

weeks as (
    select
        week_start_on,
        {{ day_start('week_start_on') }} as starts_at,
        {{ day_start(next_period_start('week', 'week_start_on')) }} as ends_at
    from (select distinct week_start_on from counted) as each_once
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
        cast(count(*) over (partition by c.week_start_on) as bigint) as week_categories
    from counted as c
    left join stakes as s on c.week_start_on = s.week_start_on and c.category = s.category
)

select
    r.week_start_on,
    cast(r.rank as integer) as rank,
    r.category,
    r.objections,
    r.week_objections,
    r.week_categories,
    r.surprised,
    r.surprised_known,
    {{ ratio('r.surprised', 'r.surprised_known') }} as surprised_share,
    {{ wilson('r.surprised', 'r.surprised_known', '-') }} as surprised_share_low,
    {{ wilson('r.surprised', 'r.surprised_known', '+') }} as surprised_share_high,
    r.amount_at_stake_amount,
    g.segments,
    i.objection_ids,
    case when not r.is_unmapped and v.agreement_version is not null then e.category is not null end as is_expected,
    case when not r.is_unmapped then r.first_week_on = r.week_start_on end as is_new,
    r.answered,
    case when {{ setting('publish_objection_words') }} then i.marketing_action end as marketing_action,
    v.agreement_version,
    case when v.is_over then 'final' else 'maturing' end as status
from ranked as r
inner join segments as g on r.week_start_on = g.week_start_on and r.category = g.category
inner join ids as i on r.week_start_on = i.week_start_on and r.category = i.category
inner join versions as v on r.week_start_on = v.week_start_on
left join expected as e on v.agreement_version = e.version and {{ words('r.category') }} = e.category
where r.rank <= {{ setting('objections_top') }}
