{% set groups = ['both', 'only', 'other'] %}
with

versions as (
    select * from {{ ref('int_what_if_versions') }}
),

span as (
    select
        starts_on,
        starts_at,
        until_us,
        cast(until_us - {{ microseconds('starts_at') }} as double) / cast(604800000000 as double) as weeks
    from {{ ref('int_what_if_window') }}
),

reps as (
    select cast(count(distinct h.owner_id) as bigint) as sales_reps
    from {{ ref('handovers') }} as h
    inner join {{ ref('core_users') }} as u on h.owner_id = u.user_id and {{ words('u.team') }} = 'sales'
    inner join span as s on h.handed_over_at >= s.starts_at and {{ microseconds('h.handed_over_at') }} < s.until_us
),

definitions as (
    {%- for name in definitions() %}
    select
        {{ loop.index }} as definition_order,
        {{ definition_words(name) }} as definition,
        {% if definitions()[name].criterion -%}
        '{{ definitions()[name].criterion }}'
        {%- else -%}
        cast(null as {{ text_type() }})
        {%- endif %} as criterion
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

listed as (
    select
        v.draft_version,
        v.against_version,
        d.definition_order,
        d.definition,
        d.criterion,
        s.starts_on,
        s.weeks,
        r.sales_reps,
        coalesce(c.leads, 0) as leads,
        coalesce(c.would_be_handed, 0) as would_be_handed,
        coalesce(c.has_handovers, true) as has_handovers,
        {%- for column in ['known', 'unobserved', 'missed_leads', 'known_opportunity', 'known_won', 'known_opportunity_amount',
                           'known_won_amount', 'missed_opportunity', 'missed_won', 'missed_opportunity_amount',
                           'missed_won_amount'] %}
        case when coalesce(c.has_handovers, true) then coalesce(c.{{ column }}, 0) end as {{ column }},
        {%- endfor %}
        {%- for group in groups %}
        coalesce(c.{{ group }}_leads, 0) as {{ group }}_leads,
        coalesce(c.{{ group }}_opportunities, 0) as {{ group }}_opportunities,
        {%- endfor %}
        coalesce(c.both_leads + c.other_leads, 0) as in_force_known
    from versions as v
    cross join definitions as d
    cross join span as s
    cross join reps as r
    left join {{ ref('int_what_if_counts') }} as c on v.draft_version = c.draft_version and d.definition = c.definition
),

weighed as (
    select
        *,
        {{ ratio('both_leads', 'known') }} - {{ ratio('both_leads', 'in_force_known') }} as both_weight,
        {{ ratio('only_leads', 'known') }} as only_weight,
        0 - {{ ratio('other_leads', 'in_force_known') }} as other_weight
    from listed
),

bounded as (
    select
        *,
        definition <> 'in force' and known > 0 and in_force_known > 0 as is_comparable,
        {{ contrast(groups) }} as difference,
        sqrt({{ contrast_margin(groups, '-') }}) as margin_below,
        sqrt({{ contrast_margin(groups, '+') }}) as margin_above
    from weighed
),

compared as (
    select
        *,
        case when is_comparable then difference end as conversion_difference,
        case when is_comparable then difference - margin_below end as conversion_difference_low,
        case when is_comparable then difference + margin_above end as conversion_difference_high
    from bounded
)

select
    draft_version,
    against_version,
    cast(definition_order as integer) as definition_order,
    definition,
    criterion,
    starts_on as window_starts_on,
    weeks as window_weeks,
    leads,
    would_be_handed,
    known,
    unobserved,
    known_opportunity as opportunities,
    known_opportunity_amount as opportunity_amount,
    known_won as won,
    known_won_amount as won_amount,
    {{ ratio('known_opportunity', 'known') }} as conversion_rate,
    {{ wilson('known_opportunity', 'known', '-') }} as conversion_rate_low,
    {{ wilson('known_opportunity', 'known', '+') }} as conversion_rate_high,
    {{ ratio('known_won', 'known') }} as won_rate,
    case
        when known > 0
            then {{ from_paisa(divided_down('2 * ' ~ to_paisa('known_won_amount') ~ ' + known', '2 * known')) }}
    end as won_per_known_amount,
    missed_leads,
    missed_opportunity as missed_opportunities,
    missed_opportunity_amount,
    missed_won,
    missed_won_amount,
    sales_reps,
    cast(would_be_handed as double) / nullif(weeks * cast(sales_reps as double), 0) as handovers_per_rep_week,
    conversion_difference,
    conversion_difference_low,
    conversion_difference_high,
    case
        when definition = 'in force' then null
        when not has_handovers then 'unavailable: no handover time'
        when known < {{ fewest_for_a_rate() }} or in_force_known < {{ fewest_for_a_rate() }} then 'too few'
        when conversion_difference_low > 0 then 'better'
        when conversion_difference_high < 0 then 'worse'
        else 'no difference beyond noise'
    end as verdict
from compared
