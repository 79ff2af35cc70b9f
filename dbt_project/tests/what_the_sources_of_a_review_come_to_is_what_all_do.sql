-- The sources' figures add up to those of all of them, amounts and deals.
{% set figures = ['generated', 'generated_deals', 'open', 'advanced', 'moved_on', 'won', 'lost'] %}
select week_start_on, figure
from {{ ref('weekly_review') }}
where section in ('generated', 'advanced') and figure in ('{{ figures | join("', '") }}')
group by week_start_on, figure
having
    sum(case dimension when '(all)' then coalesce(value_amount, 0) else -coalesce(value_amount, 0) end) <> 0
    or sum(case dimension when '(all)' then coalesce(value, 0) else -coalesce(value, 0) end) <> 0
