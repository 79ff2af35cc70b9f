-- Each figure is what its leads add up to.
with

{% for name in definitions() -%}
{{ name }}_leads as (
    select
        draft_version,
        {%- set met_at = definitions()[name].met ~ '_at' %}
        sum(case when {{ definitions()[name].met }} then 1 else 0 end) as would_be_handed,
        sum(case when {{ met_at }} > first_handed_over_at then 1 else 0 end) as met_only_after_handover,
        sum(case when {{ met_at }} <= first_handed_over_at and is_opportunity then 1 else 0 end) as opportunities,
        sum(case when {{ met_at }} <= first_handed_over_at then won_amount else 0 end) as won_amount,
        sum(case when {{ met_at }} is null and is_handed_over then opportunity_amount else 0 end) as missed_opportunity_amount
    from {{ ref('definition_what_if_leads') }}
    group by draft_version
),

{% endfor -%}
added_up as (
    {%- for name in definitions() %}
    select *, {{ definition_words(name) }} as definition
    from {{ name }}_leads
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select w.*
from {{ ref('definition_what_if') }} as w
inner join added_up as l on w.draft_version = l.draft_version and w.definition = l.definition
where
    w.would_be_handed <> l.would_be_handed or w.met_only_after_handover <> l.met_only_after_handover
    or w.opportunities <> l.opportunities or w.won_amount <> l.won_amount
    or w.missed_opportunity_amount <> l.missed_opportunity_amount
