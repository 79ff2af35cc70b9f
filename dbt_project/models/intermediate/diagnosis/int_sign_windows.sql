-- The last four complete fiscal quarters, and the four before them.
with

today as (
    select {{ period_start('fiscal_quarter', days_later(1, 'last_on')) }} as ends_on from {{ ref('int_last_day') }}
)

select 'now' as sign_window, {{ months_later(-12, 'ends_on') }} as from_on, ends_on as until_on from today
union all
select 'before' as sign_window, {{ months_later(-24, 'ends_on') }} as from_on, {{ months_later(-12, 'ends_on') }} as until_on
from today
