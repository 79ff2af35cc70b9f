with steps as (
    select l, u(l, 'stage') as far, s.*
    from range({leads}) as r(l)
    cross join (values (.13, 1, 'New', 'Nurture'), (.8, 8, 'Nurture', 'Handed to Sales'),
        (.85, 12, 'Handed to Sales', 'Accepted by Sales'), (.93, 20, 'Accepted by Sales', 'Converted')
    ) as s(from_share, after_days, old, new)
    where u(l, 'stage') >= from_share
)
select
    lead_id(l) as lead_id, by_now(lead_us(l) + days(after_days + u(l, 'pace') * 3)) as changed_at, 'status' as field, old, new
from steps
union all
select lead_id(l), by_now(lead_us(l) + days(3)), 'employee_count', '40', '140' from range({leads}) as r(l) where u(l, 'more') < .12
union all
select lead_id(l), by_now(lead_us(l) + days(9)), 'owner', 'U11', 'U12' from range({leads}) as r(l) where u(l, 'moved') < .16
