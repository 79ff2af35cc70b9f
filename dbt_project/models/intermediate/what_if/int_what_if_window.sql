-- The last four complete fiscal quarters, as far as their leads are mature at AS_OF. One row.
{{ config(materialized='view') }}
with

days as (
    select {{ period_start('fiscal_quarter', local_day(as_of())) }} as ends_on
),

quarters as (
    select
        {{ months_later(-12, 'ends_on') }} as starts_on,
        {{ day_start(months_later(-12, 'ends_on')) }} as starts_at,
        {{ day_start('ends_on') }} as ends_at,
        {{ microseconds(as_of()) }} - cast({{ setting('maturity_days') }} as bigint) * 86400000000 as mature_until_us
    from days
)

select
    starts_on,
    starts_at,
    ends_at,
    mature_until_us,
    case when {{ microseconds('ends_at') }} <= mature_until_us then {{ microseconds('ends_at') }} else mature_until_us end as until_us
from quarters
