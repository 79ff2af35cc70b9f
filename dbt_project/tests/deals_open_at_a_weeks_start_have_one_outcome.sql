-- The outcomes of a week add up to what it opened with, and that is the waterfall's opening.
{% set outcomes = ['moved_on', 'won', 'stayed', 'moved_back', 'lost', 'scrubbed', 'unknown'] %}
with

weeks as (
    select * from {{ ref('pipeline_advanced_weekly') }}
),

compared as (
    {% for what in ['deals', 'amount'] %}
    select
        week_start_on,
        source,
        cast(open_{{ what }}{% for outcome in outcomes %} - coalesce({{ outcome }}_{{ what }}, 0){% endfor %} as decimal(18, 2)) as gap
    from weeks
    union all
    {% endfor %}
    select week_start_on, source, sum(amount) as gap
    from (
        select week_start_on, source, open_amount as amount from weeks
        union all
        select week_start_on, source, -opening_amount from {{ ref('pipeline_waterfall_weekly') }}
    ) as both_tables
    group by week_start_on, source
)

select * from compared where gap <> 0
