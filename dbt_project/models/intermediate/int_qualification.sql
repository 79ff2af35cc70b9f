-- The verdict on each lead at each of its instants, by the version then in force. The only reader of the
-- qualification rules: every mart takes its verdict from here.
with

attributes as (
    select a.*, v.version
    from {{ ref('int_lead_attributes') }} as a
    left join {{ ref('int_versions') }} as v
        on a.judged_at >= v.in_force_at and (v.in_force_until_at is null or a.judged_at < v.in_force_until_at)
),

-- rules are asked once per word that any lead has or had, not once per lead and instant
titles as (
    select job_title, {{ title_words('job_title') }} as words
    from (
        select job_title from {{ ref('core_leads') }} where job_title is not null
        union
        select value from {{ ref('int_lead_values') }} where field = 'job_title' and value is not null
    ) as every_title
),

title_roles as (
    select
        r.version,
        t.job_title,
        r.level,
        r.has_authority,
        row_number() over (partition by r.version, t.job_title order by r.rule_order) as choice
    from titles as t
    inner join {{ source('agreement', 'roles') }} as r on position({{ title_words('r.words') }} in t.words) > 0
),

touching as (
    select distinct ids_of from {{ source('run', 'delivered') }} where entity = 'touches'
),

industries as (
    select i.version, w.industry as source_word, f.industry is not null as industry_fits
    from (
        select industry from {{ ref('core_leads') }}
        union
        select value from {{ ref('int_lead_values') }} where field = 'industry'
    ) as w
    inner join {{ source('agreement', 'industries') }} as i on {{ words('w.industry') }} = i.source_word
    left join {{ source('agreement', 'industries_that_fit') }} as f
        on i.version = f.version and i.industry = f.industry
    where i.industry is not null
),

asked_places as (
    select
        f.version,
        p.country,
        p.state,
        p.city,
        f.field,
        case f.field when 'country' then p.country when 'state' then p.state else p.city end as place
    from (select distinct country, state, city from {{ ref('core_leads') }}) as p
    cross join (select distinct version, field from {{ source('agreement', 'geography') }}) as f
),

-- false in any field outweighs unknown in another
places as (
    select
        f.version,
        f.country,
        f.state,
        f.city,
        min(case when f.place is null then 1 when g.value is null then 0 else 2 end) as worst
    from asked_places as f
    left join {{ source('agreement', 'geography') }} as g
        on f.version = g.version and f.field = g.field and {{ words('f.place') }} = g.value
    group by f.version, f.country, f.state, f.city
),

sized as (
    select
        a.*,
        b.precedence,
        case
            when b.has_employee_band and a.employee_count is not null then
                a.employee_count >= coalesce(b.min_employees, a.employee_count)
                and a.employee_count <= coalesce(b.max_employees, a.employee_count)
        end as employees_fit,
        case
            when b.has_revenue_band and a.annual_revenue_amount is not null then
                a.annual_revenue_amount >= coalesce(b.min_revenue_amount, a.annual_revenue_amount)
                and a.annual_revenue_amount <= coalesce(b.max_revenue_amount, a.annual_revenue_amount)
        end as revenue_fits
    from attributes as a
    left join {{ source('agreement', 'company_size') }} as b on a.version = b.version
),

judged as (
    select
        a.lead_id,
        a.judged_at,
        a.version as agreement_version,
        a.judged_on,
        a.source_name,
        i.industry_fits,
        case
            when a.employees_fit is null then a.revenue_fits
            when a.revenue_fits is null then a.employees_fit
            when a.precedence = 'annual_revenue' then a.revenue_fits
            else a.employees_fit
        end as company_size_fits,
        case
            when a.version is null or t.ids_of is null then null
            else n.lead_id is not null
        end as intent_fits,
        r.has_authority as role_fits,
        r.level as role_level,
        case
            when a.version is null then null
            when p.worst is null or p.worst = 2 then true
            when p.worst = 0 then false
        end as geography_fits
    from sized as a
    left join industries as i on a.version = i.version and a.industry = i.source_word
    left join touching as t on a.ids_of = t.ids_of
    left join {{ ref('int_intent') }} as n on a.lead_id = n.lead_id and a.judged_at = n.judged_at
    left join title_roles as r
        on a.version = r.version and a.job_title = r.job_title and r.choice = 1
    left join places as p
        on
            a.version = p.version
            and a.country is not distinct from p.country
            and a.state is not distinct from p.state
            and a.city is not distinct from p.city
),

answers as (
    select true as fits
    union all
    select false as fits
    union all
    select cast(null as boolean) as fits
),

-- every combination of answers, spelled out once
{% set criteria = ['industry', 'company_size', 'intent', 'role', 'geography'] %}
reasons as (
    select
        {%- for criterion in criteria %}
        {{ criterion }}.fits as {{ criterion }}_fits,
        {%- endfor %}
        nullif(substr(concat(
            {%- for criterion in criteria %}
            case
                when {{ criterion }}.fits is null then '; unknown: {{ criterion | replace('_', ' ') }}'
                when not {{ criterion }}.fits then '; not {{ criterion | replace('_', ' ') }}'
                else ''
            end {{- ',' if not loop.last }}
            {%- endfor %}
        ), 3), '') as reasons
    from answers as {{ criteria | join('\n    cross join answers as ') }}
)

select
    j.*,
    coalesce(
        j.industry_fits and j.company_size_fits and j.intent_fits and j.role_fits and j.geography_fits, false
    ) as is_qualified,
    case when j.agreement_version is null then 'no agreement in force' else r.reasons end as not_qualified_reasons
from judged as j
inner join reasons as r
    on
        {%- for criterion in criteria %}
        {{ 'and ' if not loop.first }}j.{{ criterion }}_fits is not distinct from r.{{ criterion }}_fits
        {%- endfor %}
