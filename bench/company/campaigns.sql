select 'crm:CMP-' || c as campaign_id, 'Campaign ' || c as name,
    ['Search Ads', 'Social Ads', 'Webinar', 'Email', 'WhatsApp', 'Trade Fair', 'Marketplace'][1 + c % 7] as type,
    date '2023-04-01' + (c * 14)::int as starts_on, date '2023-04-01' + (c * 14 + 90)::int as ends_on,
    (100000 + c * 1000)::decimal(18, 2) as actual_cost, 'INR' as currency
from range(75) as r(c)
