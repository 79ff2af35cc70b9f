-- What each method expected: of this run, and what it would have expected at the start of every week since history is known.
{% set amounts = ['expected', 'low', 'high', 'closed', 'open_pipeline', 'new_deals', 'past_pattern', 'actual'] %}
select
    origin,
    origin = 'published' as is_current,
    as_of_on,
    coalesce(as_of_at, {{ day_start('as_of_on') }}) as as_of_at,
    week as quarter_week,
    horizon,
    fiscal_quarter,
    method,
    segment,
    {% for amount in amounts -%}
    {{ from_paisa(amount ~ '_paisa') }} as {{ amount }}_amount,
    {% endfor -%}
    blend_weight,
    origins as past_origins,
    {{ setting('revenue_basis') }} as revenue_basis,
    status
from {{ source('forecast', 'forecasts') }}
