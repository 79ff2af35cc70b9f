select 'crm:I' || d as invoice_id, deal_id(d) as deal_id, (instant_of(closed_us(d)) + interval 10 day)::date as issued_on,
    (50000 + pow(u(d, 'amount'), 4) * 5000000)::decimal(18, 2) as amount, 'INR' as currency, 'paid' as status
from range({leads} // 20) as r(d) where outcome(d) = 'Closed Won' and closed_us(d) + days(10) <= as_of_us()
