-- Each forecast that was published beside what the same method says today of the same instant: where they differ, history has been
-- restated since.
{% set compared = ['expected', 'closed', 'weighted_pipeline', 'new_deals', 'past_pattern'] %}
with

restated as (
    select * from {{ source('forecast', 'forecasts') }} where origin = 'restated'
),

joined as (
    select
        f.*,
        r.status as restated_status,
        r.expected_paisa is null as is_silent,
        {% for amount in compared -%}
        {{ from_paisa('r.' ~ amount ~ '_paisa') }} as restated_{{ amount }}_amount,
        {% endfor -%}
        {{ from_paisa('r.actual_paisa') }} as actual_amount
    from {{ ref('int_frozen_forecasts') }} as f
    left join restated as r
        on f.as_of_at = r.as_of_at and f.horizon = r.horizon and f.method = r.method and f.segment = r.segment
)

select
    week_start_on,
    as_of_on,
    as_of_at,
    horizon,
    fiscal_quarter,
    method,
    segment,
    {% for amount in compared -%}
    {{ amount }}_amount as published_{{ amount }}_amount,
    restated_{{ amount }}_amount,
    {% endfor -%}
    cast(restated_expected_amount - expected_amount as decimal(18, 2)) as change_amount,
    cast(restated_closed_amount - closed_amount as decimal(18, 2)) as closed_change_amount,
    actual_amount,
    frozen_at,
    run_id,
    case
        when restated_status is null then 'cannot be restated: no such segment'
        when revenue_basis <> {{ setting('revenue_basis') }} then 'cannot be compared: another revenue basis'
        when is_silent then 'cannot be restated: ' || restated_status
        when
            {% for amount in compared -%}
            restated_{{ amount }}_amount <> {{ amount }}_amount{{ ' or ' if not loop.last }}
            {%- endfor %}
            then 'restated'
        else 'as published'
    end as status
from joined
