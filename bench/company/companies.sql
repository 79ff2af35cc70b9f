select account_id(a) as company_id, 'Firm ' || a as name, 'Chemicals' as industry, 'India' as country, 'Gujarat' as state,
    (10 + pow(u(a, 'employees'), 3) * 2000)::bigint as employee_count, instant_of(as_of_us() - days(1200)) as created_at
from range({leads} * 9 // 10) as r(a) where has_company(a) and drawn(a, 'known') % 4 = 0
