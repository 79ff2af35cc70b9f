-- What is a share of a number of records is never more than all of them; the period rate alone compares two different crowds.
select *
from {{ ref('shared_metrics') }}
where
    metric in ('lead_to_opportunity_rate', 'opportunity_to_close_rate', 'repeat_purchase_rate', 'referral_rate')
    and (numerator < 0 or numerator > denominator)
