-- One gap is named where any lies beyond noise, the dearest, and none elsewhere.
select week_start_on
from {{ ref('funnel_gaps') }}
group by week_start_on
having
    sum(case when is_named then 1 else 0 end) <> max(case when is_beyond_noise then 1 else 0 end)
    or max(case when is_named then gap_amount end) < max(case when is_beyond_noise then gap_amount end)
    or max(case when is_named and low_amount <= 0 then 1 else 0 end) = 1
