-- nothing of the change is left unnamed, and no more than rounding was shared out
select c.cac_amount
from {{ ref('cac_change') }} as c
cross join (select sum(change) as change from {{ ref('int_cac_parts') }}) as p
group by c.cac_amount, c.cac_before_amount, p.change
having sum(c.change_amount) <> c.cac_amount - c.cac_before_amount or abs(sum(c.change_amount) - p.change) > 0.02
