-- What each method expected: of this run, of the first run of each week before as it was published then, and what it would have
-- expected at the start of every week since history is known.
{% set amounts = ['expected', 'low', 'high', 'closed', 'weighted_pipeline', 'new_deals', 'past_pattern'] %}
with

told as (
    select
        *,
        coalesce(as_of_at, {{ day_start('as_of_on') }}) as made_at
    from {{ source('forecast', 'forecasts') }}
),

-- the window of a forecast that was published before may be over by now
actuals as (
    select made_at, horizon, segment, max(actual_paisa) as actual_paisa
    from told
    where origin = 'restated'
    group by made_at, horizon, segment
)

select
    origin,
    origin = 'published' as is_current,
    as_of_on,
    made_at as as_of_at,
    week as quarter_week,
    horizon,
    fiscal_quarter,
    method,
    segment,
    {% for amount in amounts -%}
    {{ from_paisa(amount ~ '_paisa') }} as {{ amount }}_amount,
    {% endfor -%}
    {{ from_paisa('weighted_pipeline_paisa') }} as open_pipeline_amount,
    {{ from_paisa('actual_paisa') }} as actual_amount,
    blend_weight,
    origins as past_origins,
    {{ setting('revenue_basis') }} as revenue_basis,
    interval_status,
    status
from told
where origin <> 'restated'
union all
select
    'published' as origin,
    false as is_current,
    f.as_of_on,
    f.as_of_at,
    f.quarter_week,
    f.horizon,
    f.fiscal_quarter,
    f.method,
    f.segment,
    {% for amount in amounts -%}
    f.{{ amount }}_amount,
    {% endfor -%}
    f.weighted_pipeline_amount as open_pipeline_amount,
    {{ from_paisa('a.actual_paisa') }} as actual_amount,
    f.blend_weight,
    f.past_origins,
    f.revenue_basis,
    f.interval_status,
    f.status
from {{ ref('int_frozen_forecasts') }} as f
left join actuals as a on f.as_of_at = a.made_at and f.horizon = a.horizon and f.segment = a.segment
