-- Shares of a deal's milestone add up to 1 under every model, credits to the deal's amount; no share is empty.
select deal_id, milestone, model
from {{ ref('touch_credit') }}
group by deal_id, milestone, model
having
    sum(credit_share) <> 1
    or min(credit_share) <= 0
    or count(credit_amount) <> count(deal_amount)
    or sum(credit_amount) <> max(deal_amount)
