-- The spans of local days in which a rate to the reporting currency may be used.
with

rates as (
    select
        upper(currency) as currency,
        rate_on,
        rate,
        row_number() over (partition by upper(currency), rate_on order by source_name, rate) as choice
    from {{ ref('core_fx_rates') }}
    where rate > 0
),

spans as (
    select
        currency,
        rate,
        rate_on as from_on,
        lead(rate_on) over (partition by currency order by rate_on) as next_on,
        {{ days_later(setting('fx_max_age_days') ~ ' + 1', 'rate_on') }} as too_old_on
    from rates
    where choice = 1
)

select
    currency,
    rate,
    from_on,
    case when next_on is null or next_on > too_old_on then too_old_on else next_on end as until_on
from spans
