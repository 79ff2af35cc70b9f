select
    deal_id(d) as deal_id, lead_id(lead_of_deal(d)) as lead_id,
    case when has_company(account_of(lead_of_deal(d))) then account_id(account_of(lead_of_deal(d))) end as company_id,
    'Order ' || d as name, (50000 + pow(u(d, 'amount'), 4) * 5000000)::decimal(18, 2) as amount, 'INR' as currency,
    case when closed_us(d) <= as_of_us() then outcome(d) else 'Technical Offer' end as stage,
    pick(d, 'type', ['new', 'new', 'new', 'repeat', 'expansion']) as deal_type, instant_of(deal_us(d)) as created_at,
    instant_of(deal_us(d) + days(120))::date as expected_close_on,
    case when closed_us(d) <= as_of_us() then instant_of(closed_us(d)) end as closed_at,
    'crm:U' || (10 + drawn(d, 'owner') % 11) as owner_id
from range({leads} // 20) as r(d)
where deal_us(d) <= as_of_us()
