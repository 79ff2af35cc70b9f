{# How a lead is judged: written once, asked by what judges history and by what tries a draft on it. What was known of it is
   attributes.sql's, what it had done lately intent.sql's. #}

{# CTEs: each title that any lead has or had with the first role of each version that it names (choice 1). #}
{% macro role_rules() %}
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
        r.words,
        r.level,
        r.has_authority,
        row_number() over (partition by r.version, t.job_title order by r.rule_order) as choice
    from titles as t
    inner join {{ source('agreement', 'roles') }} as r on position({{ title_words('r.words') }} in t.words) > 0
)
{% endmacro %}

{# CTE: each industry's word that any lead has or had with what each version makes of it. #}
{% macro industry_rules() %}
industries as (
    select i.version, w.industry as source_word, i.industry, f.industry is not null as industry_fits
    from (
        select industry from {{ ref('core_leads') }}
        union
        select value from {{ ref('int_lead_values') }} where field = 'industry'
    ) as w
    inner join {{ source('agreement', 'industries') }} as i on {{ words('w.industry') }} = i.source_word
    left join {{ source('agreement', 'industries_that_fit') }} as f
        on i.version = f.version and i.industry = f.industry
    where i.industry is not null
)
{% endmacro %}

{# Whether a lead's size (a) lies within a version's band (b); null where either is not told. #}
{% macro employees_fit() -%}
    case
        when b.has_employee_band and a.employee_count is not null then
            a.employee_count >= coalesce(b.min_employees, a.employee_count)
            and a.employee_count <= coalesce(b.max_employees, a.employee_count)
    end
{%- endmacro %}

{% macro revenue_fits() -%}
    case
        when b.has_revenue_band and a.annual_revenue_amount is not null then
            a.annual_revenue_amount >= coalesce(b.min_revenue_amount, a.annual_revenue_amount)
            and a.annual_revenue_amount <= coalesce(b.max_revenue_amount, a.annual_revenue_amount)
    end
{%- endmacro %}

{# CTEs and the query of the verdicts. attributes: a relation as attributes_at gives it, with the version that judges (null:
   none); intent: one as intent_at gives it. The only reader of the qualification rules. #}
{% macro judged_by(attributes, intent) %}
{{ role_rules() }},

touching as (
    select distinct ids_of from {{ source('run', 'delivered') }} where entity = 'touches'
),

{{ industry_rules() }},

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
        {{ employees_fit() }} as employees_fit,
        {{ revenue_fits() }} as revenue_fits
    from {{ attributes }} as a
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
    left join {{ intent }} as n
        on a.lead_id = n.lead_id and a.judged_at = n.judged_at and a.version = n.version
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
reasons as (
    select
        {%- for criterion in criteria() %}
        {{ criterion }}.fits as {{ criterion }}_fits,
        {%- endfor %}
        nullif(substr(concat(
            {%- for criterion in criteria() %}
            case
                when {{ criterion }}.fits is null then '; unknown: {{ criterion | replace('_', ' ') }}'
                when not {{ criterion }}.fits then '; not {{ criterion | replace('_', ' ') }}'
                else ''
            end {{- ',' if not loop.last }}
            {%- endfor %}
        ), 3), '') as reasons
    from answers as {{ criteria() | join('\n    cross join answers as ') }}
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
        {%- for criterion in criteria() %}
        {{ 'and ' if not loop.first }}j.{{ criterion }}_fits is not distinct from r.{{ criterion }}_fits
        {%- endfor %}
{% endmacro %}

{# The query of what each version's rules say, one text per version, criterion and item: two versions have the same rule
   for a criterion when they have the same texts. A geography that lists nothing has none. #}
{% macro rules_told() %}
{% set text = text_type() %}
select
    i.version,
    'industry' as criterion,
    i.source_word || case when f.industry is null then ': no' else ': yes' end as told
from {{ source('agreement', 'industries') }} as i
left join {{ source('agreement', 'industries_that_fit') }} as f on i.version = f.version and i.industry = f.industry
where i.industry is not null
union all
select
    version,
    'company size' as criterion,
    {% for column in ['has_employee_band', 'min_employees', 'max_employees', 'has_revenue_band', 'min_revenue_amount',
                      'max_revenue_amount', 'precedence'] -%}
    coalesce(cast({{ column }} as {{ text }}), '-') {{- " || ' ' ||" if not loop.last }}
    {% endfor %} as told
from {{ source('agreement', 'company_size') }}
union all
select
    version,
    'intent' as criterion,
    kind || ' ' || cast(minimum_count as {{ text }}) || ' ' || cast(within_days as {{ text }}) as told
from {{ source('agreement', 'intent_behaviours') }}
union all
select
    version,
    'role' as criterion,
    cast(rule_order as {{ text }}) || ' ' || words || ': ' || coalesce(cast(has_authority as {{ text }}), '-') as told
from {{ source('agreement', 'roles') }}
union all
select version, 'geography' as criterion, field || ': ' || value as told
from {{ source('agreement', 'geography') }}
{% endmacro %}

{# CTEs and the query of how each criterion was judged, in words that name the value and the rule; macros/brief.sql has them.
   attributes: a relation as attributes_at gives it, one row per lead and instant; verdicts: one as judged_by gives it. #}
{% macro how_judged(attributes, verdicts, intents) %}
{{ role_rules() }},

{{ industry_rules() }},

asked_fields as (
    select
        version,
        {%- for field in ['city', 'state', 'country'] %}
        max(case when field = '{{ field }}' then 1 else 0 end) as asks_{{ field }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ source('agreement', 'geography') }}
    group by version
),

-- a band's words are worked out once, not once per lead
told_bands as (
    select
        *,
        {%- for end in ['min', 'max'] %}
        {{ grouped(end ~ '_employees') }} as {{ end }}_employees_told,
        {{ told_amount(end ~ '_revenue_amount') }} as {{ end }}_revenue_told {{- ',' if not loop.last }}
        {%- endfor %}
    from {{ source('agreement', 'company_size') }}
),

-- what was known, and by which rule of the version it was judged
known as (
    select
        v.lead_id,
        v.judged_at,
        v.agreement_version,
        {%- for criterion in criteria() %}
        v.{{ criterion }}_fits,
        {%- endfor %}
        a.industry as given_industry,
        i.industry as agreed_industry,
        case when b.has_employee_band then a.employee_count end as employee_count,
        b.min_employees_told,
        b.max_employees_told,
        {{ employees_fit() }} as employees_fit,
        case when b.has_revenue_band then a.annual_revenue_amount end as revenue_amount,
        b.min_revenue_told,
        b.max_revenue_told,
        {{ revenue_fits() }} as revenue_fits,
        b.precedence,
        a.job_title is not null as has_title,
        t.level as role_level,
        t.words as role_words,
        t.has_authority,
        coalesce(g.asks_city, 0) + coalesce(g.asks_state, 0) + coalesce(g.asks_country, 0) > 0 as asks_place,
        {{ listed_words([
            "case when g.asks_city = 1 then coalesce(a.city, 'no city given') end",
            "case when g.asks_state = 1 then coalesce(a.state, 'no state given') else a.state end",
            "case when g.asks_country = 1 then coalesce(a.country, 'no country given') else a.country end",
        ], ', ') }} as place,
        n.met as behaviours_met,
        n.missed as behaviours_missed
    from {{ verdicts }} as v
    inner join {{ attributes }} as a on v.lead_id = a.lead_id and v.judged_at = a.judged_at
    left join industries as i on v.agreement_version = i.version and a.industry = i.source_word
    left join told_bands as b on v.agreement_version = b.version
    left join title_roles as t on v.agreement_version = t.version and a.job_title = t.job_title and t.choice = 1
    left join asked_fields as g on v.agreement_version = g.version
    left join {{ intents }} as n on v.lead_id = n.lead_id and v.judged_at = n.judged_at
)

select
    lead_id,
    judged_at,
    {%- for criterion in criteria() %}
    case
        when agreement_version is null then 'unknown: no agreement in force'
        else
            case when {{ criterion }}_fits then 'fits: ' when not {{ criterion }}_fits then 'does not fit: ' else 'unknown: ' end
            || {{ {'industry': industry_told, 'company_size': company_size_told, 'intent': intent_told, 'role': role_told,
                   'geography': geography_told}[criterion]() }}
    end as how_{{ criterion }}{{ ',' if not loop.last }}
    {%- endfor %}
from known
{% endmacro %}
