with

answers as (
    select * from {{ ref('int_answers') }}
),

rated as (
    select
        *,
        {% for period in ['before', 'after', 'later'] -%}
        100 * {{ ratio('objections_' ~ period, 'conversations_' ~ period) }} as {{ period }}_per_100,
        {% endfor -%}
        {{ ratio('objections_after', 'conversations_after') }}
            / nullif({{ ratio('objections_before', 'conversations_before') }}, 0) as ratio,
        {{ ratio('objections_later', 'conversations_later') }}
            / nullif({{ ratio('objections_before', 'conversations_before') }}, 0) as later_ratio,
        objections_after + objections_later as objections_since,
        {{ ratio('(objections_after + objections_later)', '(conversations_after + conversations_later)') }}
            / nullif({{ ratio('objections_before', 'conversations_before') }}, 0) as since_ratio
    from answers
),

bounded as (
    select
        *,
        {{ rate_ratio_bound('objections_after', 'objections_before', 'ratio', '-') }} as ratio_low,
        {{ rate_ratio_bound('objections_after', 'objections_before', 'ratio', '+') }} as ratio_high,
        {{ rate_ratio_bound('objections_later', 'objections_before', 'later_ratio', '+') }} as later_ratio_high,
        {{ rate_ratio_bound('objections_since', 'objections_before', 'since_ratio', '+') }} as since_ratio_high,
        days_after < {{ setting('recurrence_min_days') }}
        or conversations_before < {{ setting('recurrence_min_conversations') }}
        or conversations_after < {{ setting('recurrence_min_conversations') }} as is_too_early
    from rated
),

judged as (
    select
        *,
        not is_too_early and (
            coalesce(ratio_high < 1, false)
            or (objections_after = 0 and objections_before >= {{ setting('recurrence_min_objections') }})
        ) as has_receded_soon,
        -- who was with sales before the answer objects on for weeks: one that works slowly is seen over all the time since
        not is_too_early
        and conversations_later >= {{ setting('recurrence_min_conversations') }}
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
    days_before,
    days_after,
    conversations_before,
    conversations_after,
    conversations_later,
    objections_before,
    objections_after,
    objections_later,
    before_per_100,
    after_per_100,
    later_per_100,
    ratio,
    ratio_low,
    ratio_high,
    case
        when is_too_early then 'too early'
        when has_receded_soon and is_back then 'came back'
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
