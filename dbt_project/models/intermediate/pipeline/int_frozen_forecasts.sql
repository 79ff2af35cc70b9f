-- What was published as forecast by AS_OF: the first of each week, by quarter, method and segment. onefunnel wrote these rows
-- itself, so they are cast and not judged.
{% set money = ['expected_amount', 'low_amount', 'high_amount', 'closed_amount', 'weighted_pipeline_amount', 'new_deals_amount',
                'past_pattern_amount'] %}
with

kept as (
    select *, {{ zoned('frozen_at') }} as kept_at, {{ zoned('as_of_at') }} as told_as_of_at
    from {{ source('lake', 'own__forecasts') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by week_start_on, fiscal_quarter, method, segment order by kept_at, told_as_of_at, _row
        ) as place
    from kept
    where kept_at <= {{ as_of() }}
)

select
    cast(week_start_on as date) as week_start_on,
    told_as_of_at as as_of_at,
    cast(as_of_on as date) as as_of_on,
    cast(quarter_week as integer) as quarter_week,
    horizon,
    fiscal_quarter,
    method,
    segment,
    {% for column in money -%}
    cast({{ column }} as decimal(18, 2)) as {{ column }},
    {% endfor -%}
    cast(blend_weight as double) as blend_weight,
    cast(past_origins as integer) as past_origins,
    revenue_basis,
    interval_status,
    coalesce(status, 'ok') as status,
    kept_at as frozen_at,
    run_id
from ranked
where place = 1
