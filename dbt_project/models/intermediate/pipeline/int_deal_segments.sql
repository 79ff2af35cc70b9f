-- The segment of each deal as it was known, from each instant at which it was another: of its lead, else of its company, in the words
-- of the version of the agreement in force then.
{% set holds = '(s.from_at is null or s.from_at <= t.known_at) and (s.until_at is null or s.until_at > t.known_at)' %}
with

deals as (
    select deal_id, created_at from {{ ref('int_pipeline_deals') }}
),

in_order as (
    select
        v.*,
        row_number() over (partition by v.deal_id order by v.holds_from_at, v.version_number, v.source_name) as place,
        lead(v.holds_from_at) over (partition by v.deal_id order by v.holds_from_at, v.version_number, v.source_name) as until_at
    from {{ ref('int_deal_versions') }} as v
),

-- which lead and company a deal named
named as (
    select deal_id, lead_id, company_id, case when place > 1 then holds_from_at end as from_at, until_at from in_order
),

leads as (
    select * from {{ ref('int_lead_spans') }}
),

-- which leads said that they had become it
converted as (
    select
        converted_deal_id as deal_id,
        lead_id,
        case when from_at is null or converted_at > from_at then converted_at else from_at end as from_at,
        until_at
    from leads
    where converted_deal_id is not null and not is_deleted
),

of_leads as (
    select deal_id, lead_id from named where lead_id is not null
    union
    select deal_id, lead_id from converted
),

companies as (
    select * from {{ ref('int_company_spans') }}
),

changed as (
    select * from {{ ref('int_lead_values') }} where field in ('industry', 'employee_count')
),

-- before the first version was in force its words are the only ones
versions as (
    select
        version, in_force_until_at as until_at,
        case when row_number() over (order by in_force_at) > 1 then in_force_at end as from_at
    from {{ ref('int_versions') }}
),

news as (
    select deal_id, created_at as known_at from deals
    union
    select deal_id, from_at from named
    union
    select deal_id, from_at from converted
    union
    select o.deal_id, s.from_at from of_leads as o inner join leads as s on o.lead_id = s.lead_id
    union
    select o.deal_id, s.created_at from of_leads as o inner join leads as s on o.lead_id = s.lead_id
    union
    select o.deal_id, s.from_at from of_leads as o inner join changed as s on o.lead_id = s.lead_id
    union
    select n.deal_id, s.from_at from named as n inner join companies as s on n.company_id = s.company_id
    union
    select n.deal_id, s.created_at from named as n inner join companies as s on n.company_id = s.company_id
    union
    select d.deal_id, s.from_at from deals as d cross join versions as s
),

instants as (
    select n.deal_id, n.known_at
    from news as n
    inner join deals as d on n.deal_id = d.deal_id
    where n.known_at >= d.created_at and n.known_at <= {{ as_of() }}
),

by_conversion as (
    select t.deal_id, t.known_at, min(s.lead_id) as lead_id
    from instants as t
    inner join converted as s on t.deal_id = s.deal_id and {{ holds }}
    group by t.deal_id, t.known_at
),

linked as (
    select t.deal_id, t.known_at, coalesce(s.lead_id, c.lead_id) as lead_id, s.company_id
    from instants as t
    left join named as s on t.deal_id = s.deal_id and {{ holds }}
    left join by_conversion as c on t.deal_id = c.deal_id and t.known_at = c.known_at
),

led as (
    select t.*, s.lead_id is not null as has_lead, s.industry, s.employee_count
    from linked as t
    left join leads as s on t.lead_id = s.lead_id and not s.is_deleted and s.created_at <= t.known_at and {{ holds }}
),

kinds_then as (
    select
        t.deal_id,
        t.known_at,
        v.version,
        case when not t.has_lead then s.industry when i.lead_id is not null then i.value else t.industry end as industry,
        case
            when not t.has_lead then s.employee_count
            when e.lead_id is not null then {{ integer('e.value') }}
            else t.employee_count
        end as employee_count,
        t.has_lead or s.company_id is not null as is_known
    from led as t
    left join companies as s
        on
            t.company_id = s.company_id and not t.has_lead and not s.is_deleted
            and (s.created_at is null or s.created_at <= t.known_at) and {{ holds }}
    left join changed as i on t.lead_id = i.lead_id and i.field = 'industry' and {{ holds | replace('s.', 'i.') }}
    left join changed as e on t.lead_id = e.lead_id and e.field = 'employee_count' and {{ holds | replace('s.', 'e.') }}
    left join versions as v on {{ holds | replace('s.', 'v.') }}
),

kinds as (
    select distinct version, industry, employee_count from kinds_then
),

segments as (
    {{ segments_of('kinds') }}
),

told as (
    select
        k.deal_id,
        k.known_at,
        case when k.is_known then s.segment end as segment,
        lag(case when k.is_known then s.segment end) over (partition by k.deal_id order by k.known_at) as segment_before,
        row_number() over (partition by k.deal_id order by k.known_at) as place
    from kinds_then as k
    left join segments as s
        on
            k.version = s.version and s.choice = 1
            and k.industry is not distinct from s.industry and k.employee_count is not distinct from s.employee_count
)

select
    deal_id,
    segment,
    known_at as from_at,
    lead(known_at) over (partition by deal_id order by known_at) as until_at
from told
where place = 1 or segment is distinct from segment_before
