-- Every value of every dimension that a lead, a deal, a cost or an invoice has; null is no value.
with

records as (
    select channel, segment, region, owner_team from {{ ref('int_person_leads') }}
    union all
    select channel, segment, region, owner_team from {{ ref('int_deal_facts') }}
    union all
    select channel, segment, region, owner_team from {{ ref('metric_records') }}
)

select 'total' as dimension, 'all' as dimension_value
{% for dimension in dimensions() %}
union
select '{{ dimension }}', {{ dimension }} from records where {{ dimension }} is not null
{% endfor %}
