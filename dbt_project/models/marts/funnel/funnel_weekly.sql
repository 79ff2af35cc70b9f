with

entries as (
    select * from {{ ref('int_lead_entries') }}
)

select
    {{ period_start('week', local_day('entered_at')) }} as week_start_on,
    channel,
    stage,
    cast(count(*) as bigint) as entered
from entries
group by 1, 2, 3
