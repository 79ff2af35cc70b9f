-- What share of a quarter's revenue usually is there by as many days as have come of the running one: the median over the past
-- quarters that the data tells whole. In billionths, so that every engine says the same.
with

quarters as (
    select * from {{ ref('int_target_quarters') }}
),

running as (
    select * from quarters where days_come >= 1 and not is_over
),

by_that_day as (
    select
        r.starts_on as of_starts_on,
        q.starts_on,
        q.revenue_amount,
        sum(case when v.earned_on < {{ days_later('r.days_come', 'q.starts_on') }} then v.revenue_amount else 0 end) as come_amount
    from running as r
    inner join quarters as q on q.is_over and q.is_whole and q.revenue_amount > 0
    inner join {{ ref('int_revenue') }} as v
        on v.is_agreed_basis and v.earned_on >= q.starts_on and v.earned_on < q.next_starts_on
    group by r.starts_on, q.starts_on, q.revenue_amount
),

shares as (
    select
        of_starts_on,
        starts_on,
        {{ divided_down('cast(' ~ to_paisa('come_amount') ~ ' as ' ~ large_integer_type() ~ ') * 1000000000',
                        to_paisa('revenue_amount')) }} as units
    from by_that_day
),

ranked as (
    select
        *,
        row_number() over (partition by of_starts_on order by units, starts_on) as place,
        count(*) over (partition by of_starts_on) as quarters
    from shares
)

select
    of_starts_on as starts_on,
    max(quarters) as pace_quarters,
    {{ divided_down('sum(units)', 'count(*)') }} as pace_units
from ranked
-- the one in the middle, or the two
where 2 * place >= quarters and 2 * place <= quarters + 2
group by of_starts_on
