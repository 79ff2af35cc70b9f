-- The agreed revenue target of each fiscal quarter, with the quarter's first day: FY26 is the year that ends in fiscal 2026.
with

targets as (
    select
        fiscal_quarter,
        target_amount,
        cast('20' || substring(fiscal_quarter, 3, 2) || '-01-01' as date) as year_on,
        cast(substring(fiscal_quarter, 7, 1) as integer) as quarter,
        {{ setting('fiscal_year_start_month') }} as start_month
    from {{ source('agreement', 'revenue_targets') }}
)

select
    fiscal_quarter,
    target_amount,
    {{ months_later('start_month - 1 + 3 * (quarter - 1) - case when start_month = 1 then 0 else 12 end', 'year_on') }}
        as starts_on
from targets
