{# What was known of each lead at each instant: history where there is one, else the current value.
   instants: a relation of lead_id and judged_at. #}
{% macro attributes_at(instants) %}
{% set fields = ['industry', 'employee_count', 'annual_revenue', 'job_title'] %}
with

instants as (
    select * from {{ instants }}
),

-- a source's number of a change is text; it is read as staging reads it
numbers as (
    select
        lead_id, field, value, from_at, until_at,
        {{ integer('value') }} as whole,
        {{ number('value', 'decimal(18, 2)') }} as money
    from {{ ref('int_lead_values') }}
    where field in ('{{ fields | join("', '") }}')
),

delivered as (
    select distinct ids_of from {{ source('run', 'delivered') }} where entity = 'lead_changes'
),

several as (
    select lead_id from {{ ref('int_lead_versions') }} group by lead_id having count(*) > 1
),

-- what all instants of a lead share is looked up once per lead
leads as (
    select
        l.lead_id,
        l.source_name,
        l.ids_of,
        l.industry,
        l.employee_count,
        l.annual_revenue,
        case when l.annual_revenue_currency = {{ setting('reporting_currency') }} then 1 else r.rate end as rate,
        l.job_title,
        l.country,
        l.state,
        l.city,
        case when d.ids_of is not null or s.lead_id is not null then 'history' else 'current' end as judged_on
    from {{ ref('core_leads') }} as l
    left join delivered as d on l.ids_of = d.ids_of
    left join several as s on l.lead_id = s.lead_id
    left join {{ ref('int_fx_rates') }} as r
        on
            l.annual_revenue_currency = r.currency
            and {{ local_day('l.created_at') }} >= r.from_on and {{ local_day('l.created_at') }} < r.until_on
)

select
    i.lead_id,
    i.judged_at,
    l.source_name,
    l.ids_of,
    case when c_industry.lead_id is not null then c_industry.value else l.industry end as industry,
    case when c_employee_count.lead_id is not null then c_employee_count.whole else l.employee_count end as employee_count,
    cast(
        case when c_annual_revenue.lead_id is not null then c_annual_revenue.money else l.annual_revenue end
        * l.rate as decimal(18, 2)
    ) as annual_revenue_amount,
    case when c_job_title.lead_id is not null then c_job_title.value else l.job_title end as job_title,
    l.country,
    l.state,
    l.city,
    l.judged_on
from instants as i
inner join leads as l on i.lead_id = l.lead_id
{% for field in fields %}
left join numbers as c_{{ field }}
    on
        i.lead_id = c_{{ field }}.lead_id and c_{{ field }}.field = '{{ field }}'
        and (c_{{ field }}.from_at is null or c_{{ field }}.from_at <= i.judged_at)
        and (c_{{ field }}.until_at is null or c_{{ field }}.until_at > i.judged_at)
{% endfor %}
{% endmacro %}
