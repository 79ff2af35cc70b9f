-- The last local day of which anything is counted: the one that ends at AS_OF, or that AS_OF lies in.
with

today as (
    select {{ local_day(as_of()) }} as today_on
)

select
    case
        when {{ day_start('today_on') }} = {{ as_of() }} then {{ days_later(-1, 'today_on') }}
        else today_on
    end as last_on
from today
