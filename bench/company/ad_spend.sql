select ['google_ads', 'meta_ads', 'linkedin_ads'][1 + c % 3] as platform, 'A1' as account, 'crm:CMP-' || (c * 7) as campaign_id,
    date '2023-04-01' + n::int as spent_on, (500 + 2000 * u(n * 10 + c, 'spent'))::decimal(18, 2) as amount, 'INR' as currency
from range(1095) as r(n) cross join range(10) as s(c)
