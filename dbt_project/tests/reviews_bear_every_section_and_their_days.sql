-- Each reviewed week has every section, and each figure days that are in order.
select cast(week_start_on as {{ text_type() }}) as what
from {{ ref('weekly_review') }}
where section not in ('record', 'health')
group by week_start_on
having count(distinct section) <> 8
union all
select section || ' ' || figure from {{ ref('weekly_review') }} where from_on > until_on
