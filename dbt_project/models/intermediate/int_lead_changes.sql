-- Every change of a lead's tracked field: the source's own history where it delivers one, else what
-- successive versions in the lake show. Changes after AS_OF stay in: their old value held until then.
{% set fields = {
    'industry': 'industry', 'employee_count': 'employee_count_text', 'annual_revenue': 'annual_revenue_text',
    'job_title': 'job_title', 'status': 'status', 'owner': 'owner_id', 'lead_source': 'lead_source',
} %}
with

delivered as (
    {{ delivered_changes('lead_changes', 'lead_id') }}
),

versions as (
    select v.*
    from {{ ref('int_lead_versions') }} as v
    left join {{ source('run', 'delivered') }} as d
        on v.ids_of = d.ids_of and d.entity = 'lead_changes'
    where d.entity is null
),

{% for field, column in fields.items() %}
{{ field }}_versions as (
    select
        lead_id,
        holds_from_at as changed_at,
        version_number as change_order,
        source_name,
        lag({{ column }}) over (partition by source_name, source_key order by holds_from_at, version_number) as old_value,
        {{ column }} as new_value,
        row_number() over (partition by source_name, source_key order by holds_from_at, version_number) as version_order
    from versions
),

{% endfor %}
derived as (
    {% for field in fields %}
    select lead_id, '{{ field }}' as field, changed_at, change_order, source_name, old_value, new_value
    from {{ field }}_versions
    where version_order > 1 and coalesce(old_value, '') <> coalesce(new_value, '')
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from delivered
union all
select * from derived
