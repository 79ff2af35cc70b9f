with

span as (
    select
        starts_on,
        starts_at,
        until_us,
        cast(until_us - {{ microseconds('starts_at') }} as double) / cast(604800000000 as double) as weeks,
        {{ setting('signal_min_cases') }} as fewest_cases
    from {{ ref('int_what_if_window') }}
),

reps as (
    select cast(count(distinct h.owner_id) as bigint) as sales_reps
    from {{ ref('handovers') }} as h
    inner join {{ ref('core_users') }} as u on h.owner_id = u.user_id and {{ words('u.team') }} = 'sales'
    inner join span as s on h.handed_over_at >= s.starts_at and {{ microseconds('h.handed_over_at') }} < s.until_us
),

definitions as (
    select 0 as definition_order, '{{ reality() }}' as definition, cast(null as {{ text_type() }}) as criterion
    {%- for name in definitions() %}
    union all
    select
        {{ loop.index }} as definition_order,
        {{ definition_words(name) }} as definition,
        {% if definitions()[name].criterion -%}
        '{{ definitions()[name].criterion }}'
        {%- else -%}
        cast(null as {{ text_type() }})
        {%- endif %} as criterion
    {%- endfor %}
),

-- a draft has the same rules where each of its criteria has
same_rules as (
    select draft_version, criterion, is_same_rule from {{ ref('int_what_if_same_rules') }}
    union all
    select draft_version, 'draft' as criterion, min(case when is_same_rule then 1 else 0 end) = 1 as is_same_rule
    from {{ ref('int_what_if_same_rules') }}
    group by draft_version
),

listed as (
    select
        v.draft_version,
        v.against_version,
        d.definition_order,
        d.definition,
        d.criterion,
        m.is_same_rule,
        s.starts_on,
        s.weeks,
        s.fewest_cases,
        r.sales_reps,
        coalesce(c.leads, 0) as leads,
        case
            when coalesce(c.has_handovers, true) or d.definition_order > 0 then coalesce(c.would_be_handed, 0)
        end as would_be_handed,
        coalesce(c.has_handovers, true) as has_handovers,
        {%- for column in ['known', 'met_after', 'unobserved', 'missed_leads'] %}
        case when coalesce(c.has_handovers, true) then coalesce(c.{{ column }}, 0) end as {{ column }},
        {%- endfor %}
        {%- for side in ['known', 'met_after', 'missed'] %}
        {%- for outcome in ['opportunity', 'won'] %}
        {%- for column in ['', '_amount', '_amounts', '_squares'] %}
        case
            when coalesce(c.has_handovers, true) then coalesce(c.{{ side }}_{{ outcome }}{{ column }}, 0)
        end as {{ side }}_{{ outcome }}{{ column }},
        {%- endfor %}
        {%- endfor %}
        {%- endfor %}
        f.in_force_known,
        f.in_force_amounts,
        f.decided,
        f.in_force_decided,
        {%- for name in ['conversion', 'missed', 'worth'] %}
        f.{{ name }}_difference,
        f.{{ name }}_difference_low,
        f.{{ name }}_difference_high {{- ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('int_what_if_versions') }} as v
    cross join definitions as d
    cross join span as s
    cross join reps as r
    left join {{ ref('int_what_if_counts') }} as c on v.draft_version = c.draft_version and d.definition = c.definition
    left join {{ ref('int_what_if_differences') }} as f on v.draft_version = f.draft_version and d.definition = f.definition
    left join same_rules as m
        on v.draft_version = m.draft_version and coalesce(d.criterion, d.definition) = m.criterion
),

bounded as (
    select
        *,
        -- only what has a rule of the draft's that differs
        not coalesce(is_same_rule, true) and has_handovers as is_comparable,
        least(coalesce(known_opportunity_amounts, 0), coalesce(in_force_amounts, 0)) >= fewest_cases as has_amounts,
        definition_order > 0 as is_definition,
        nullif(weeks * cast(sales_reps as double), 0) as rep_weeks
    from listed
)

select
    draft_version,
    against_version,
    cast(definition_order as integer) as definition_order,
    definition,
    criterion,
    is_same_rule,
    starts_on as window_starts_on,
    weeks as window_weeks,
    leads,
    would_be_handed,
    {{ rate_with_interval('would_be_handed', 'leads', 'handed_rate') }},
    known,
    met_after as met_only_after_handover,
    met_after_opportunity as met_only_after_handover_opportunities,
    met_after_won as met_only_after_handover_won,
    unobserved,
    known_opportunity as opportunities,
    known_opportunity_amount as opportunity_amount,
    {{ amount_interval('known_opportunity', 'opportunity') }},
    known_won as won,
    known_won_amount as won_amount,
    {{ amount_interval('known_won', 'won') }},
    {{ rate_with_interval('known_opportunity', 'known', 'conversion_rate') }},
    {{ rate_with_interval('known_won', 'known', 'won_rate') }},
    {%- for outcome in ['opportunity', 'won'] %}
    {%- set paisa = '2 * ' ~ to_paisa('known_' ~ outcome ~ '_amount') %}
    case
        when known > 0 then {{ from_paisa(divided_down(paisa ~ ' + known', '2 * known')) }}
    end as {{ outcome }}_per_known_amount,
    {{ amount_interval('known_' ~ outcome, outcome ~ '_per_known', 'known') }},
    {%- endfor %}
    missed_leads,
    {%- for outcome, plural in [('opportunity', 'opportunities'), ('won', 'won')] %}
    missed_{{ outcome }} as missed_{{ plural }},
    {{ rate_with_interval('case when is_definition then missed_' ~ outcome ~ ' end',
                          '(known_' ~ outcome ~ ' + missed_' ~ outcome ~ ')', 'missed_' ~ outcome ~ '_rate') }},
    missed_{{ outcome }}_amount,
    {{ amount_interval('missed_' ~ outcome, 'missed_' ~ outcome) }},
    {%- endfor %}
    sales_reps,
    cast(would_be_handed as double) / rep_weeks as handovers_per_rep_week,
    {{ byar('would_be_handed', '-') }} / rep_weeks as handovers_per_rep_week_low,
    {{ byar('would_be_handed', '+') }} / rep_weeks as handovers_per_rep_week_high,
    {%- for name, words in [('conversion', 'conversion'), ('missed', 'missed_opportunity')] %}
    {%- for end in ['', '_low', '_high'] %}
    case when is_comparable then {{ name }}_difference{{ end }} end as {{ words }}_difference{{ end }},
    {%- endfor %}
    {%- endfor %}
    case when is_comparable then {{ from_paisa('worth_difference') }} end as opportunity_per_known_difference_amount,
    {%- for end in ['_low', '_high'] %}
    case
        when is_comparable and has_amounts then {{ from_paisa('worth_difference' ~ end) }}
    end as opportunity_per_known_difference{{ end }}_amount,
    {%- endfor %}
    {{ difference_verdict('conversion_difference', 'known', 'in_force_known') }} as conversion_verdict,
    {{ difference_verdict('missed_difference', 'decided', 'in_force_decided', gain='-') }} as missed_opportunity_verdict,
    {{ difference_verdict('worth_difference', 'known_opportunity_amounts', 'in_force_amounts') }} as value_verdict
from bounded
