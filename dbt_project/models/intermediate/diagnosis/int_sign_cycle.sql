-- The median sales cycle of won deals, now and before; its interval lies between two of the deals in order.
{% set half_width = z_of_95() ~ ' * sqrt(cast(deals as double))' %}
with

cycles as (
    select w.sign_window, {{ days_between('d.created_at', 'd.closed_at') }} as days
    from {{ ref('int_deal_facts') }} as d
    inner join {{ ref('int_sign_windows') }} as w on d.closed_on >= w.from_on and d.closed_on < w.until_on
    where d.is_in_scope and d.status = 'won' and d.closed_at >= d.created_at
),

ordered as (
    select
        *,
        row_number() over (partition by sign_window order by days) as place,
        count(*) over (partition by sign_window) as deals
    from cycles
),

bounded as (
    select
        *,
        greatest(1, cast(floor((deals - {{ half_width }}) / 2) as bigint)) as low_place,
        least(deals, cast(ceil(1 + (deals + {{ half_width }}) / 2) as bigint)) as high_place
    from ordered
)

select
    'sales_cycle' as sign,
    sign_window,
    {{ percentile('days', 0.5) }} as figure,
    max(case when place = low_place then days end) as figure_low,
    max(case when place = high_place then days end) as figure_high,
    cast(count(*) as bigint) as cases,
    cast(null as double) as kappa
from bounded
group by sign_window
