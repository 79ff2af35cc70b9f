{% set compared = {'after': 'ratio', 'since': 'since_ratio', 'later': 'later_ratio'} %}
with

answers as (
    select * from {{ ref('int_answers') }}
),

rated as (
    select
        *,
        {% for period in ['before', 'after', 'since', 'later'] -%}
        100 * {{ ratio('objections_' ~ period, 'conversations_' ~ period) }} as {{ period }}_per_100
        {{- ',' if not loop.last }}
        {% endfor %}
    from answers
),

compared as (
    select
        *,
        {% for period, name in compared.items() -%}
        {{ period }}_per_100 / nullif(before_per_100, 0) as {{ name }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from rated
),

bounded as (
    select
        *,
        {% for period, name in compared.items() -%}
        {{ rate_ratio_bound('objections_' ~ period, 'objections_before', name, '-') }} as {{ name }}_low,
        {{ rate_ratio_bound('objections_' ~ period, 'objections_before', name, '+') }} as {{ name }}_high,
        {% endfor -%}
        days_after < {{ setting('recurrence_min_days') }}
        or conversations_before < {{ setting('recurrence_min_conversations') }}
        or conversations_after < {{ setting('recurrence_min_conversations') }} as is_too_early
    from compared
),

judged as (
    select
        *,
        not is_too_early and (
            coalesce(ratio_high < 1, false)
            or (objections_after = 0 and objections_before >= {{ setting('recurrence_min_objections') }})
        ) as has_receded_soon,
        -- who was with sales before the answer objects on for weeks: one that works slowly is seen up to the horizon, for what
        -- comes after it may have come of anything
        not is_too_early
        and conversations_since - conversations_after >= {{ setting('recurrence_min_conversations') }}
        and coalesce(since_ratio_high < 1, false) as has_receded_since,
        -- as much evidence is asked of the later time as of the first
        conversations_later >= {{ setting('recurrence_min_conversations') }}
        and objections_later >= {{ setting('recurrence_min_objections') }}
        and coalesce(later_ratio_high >= 1, objections_before = 0) as is_back
    from bounded
)

select
    category,
    answered_at,
    case when {{ setting('publish_marketing_actions') }} then marketing_action end as marketing_action,
    objections_answered,
    {% for period in ['before', 'after', 'since'] -%}
    days_{{ period }},
    {% endfor -%}
    {% for period in ['before', 'after', 'since', 'later'] -%}
    conversations_{{ period }},
    {% endfor -%}
    {% for period in ['before', 'after', 'since', 'later'] -%}
    objections_{{ period }},
    {% endfor -%}
    {% for period in ['before', 'after', 'since', 'later'] -%}
    {{ period }}_per_100,
    {% endfor -%}
    {% for name in compared.values() -%}
    {{ name }},
    {{ name }}_low,
    {{ name }}_high,
    {% endfor -%}
    case
        when is_too_early then 'too early'
        when (has_receded_soon or has_receded_since) and is_back then 'came back'
        when has_receded_soon or has_receded_since then 'receded'
        else 'no change beyond noise'
    end as verdict,
    case
        when objections_before = 0 and objections_after = 0 then 'no interval: never raised before or after'
        when objections_before = 0 then 'no interval: never raised before'
        when objections_after = 0 then 'no interval: never raised after'
        when ratio is null then 'no interval: no conversations'
        else 'ok'
    end as status
from judged
