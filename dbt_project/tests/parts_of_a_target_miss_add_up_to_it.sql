-- every rupee of the miss is some factor's
select fiscal_quarter
from {{ ref('target_miss') }}
where status = 'ok'
group by fiscal_quarter, miss_amount
having sum(lacking_amount) <> miss_amount or count(*) <> 5
