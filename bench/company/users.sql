select 'crm:U' || lpad(n::varchar, 2, '0') as user_id, 'User ' || n as name,
    case when n < 3 then 'other' when n < 10 then 'marketing' else 'sales' end as team,
    case when n > 2 then 'crm:U' || lpad(case when n < 10 then '3' when n < 16 then '10' else '16' end, 2, '0') end as manager_id
from range(1, 21) as r(n)
