-- every rupee of the miss is some factor's: what was asked beyond the year before, or what the quarter did otherwise
select fiscal_quarter
from {{ ref('target_miss') }}
where status in ('ok', 'maturing')
group by fiscal_quarter, miss_amount, target_amount, baseline_amount
having
    sum(lacking_amount) <> miss_amount or count(*) <> 5
    or sum(stretch_amount) <> target_amount - baseline_amount
    or sum(stretch_amount + change_amount) <> miss_amount
