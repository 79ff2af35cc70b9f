select
    lead_id(l) as lead_id, instant_of(lead_us(l)) as created_at, by_now(lead_us(l) + days(30)) as updated_at,
    case when u(l, 'email') < .7 then email_of(l) end as email, 'Firm ' || account_of(l) as company_name,
    pick(l, 'industry', ['Chemicals', 'Pharma', 'Water & Waste Water', 'Sugar', 'Steel', 'Tourism']) as industry,
    case when u(l, 'size') < .6 then (10 + pow(u(l, 'employees'), 3) * 2000)::bigint end as employee_count, 'INR' as
    annual_revenue_currency, 'India' as country, pick(l, 'state', ['Maharashtra', 'Gujarat', 'Karnataka']) as state,
    'Pune' as city, pick(l, 'title', ['GM - Projects', 'Works Manager', 'Purchase Head', 'Assistant Manager']) as job_title,
    pick(l, 'source', ['IndiaMART', 'Google Ads', 'Website', 'Trade Fair', 'Referral', 'Cold Call', 'LinkedIn']) as lead_source,
    case when u(l, 'campaign') < .3 then 'crm:CMP-' || (drawn(l, 'campaign') % 75) end as campaign_id,
    'crm:U' || (10 + drawn(l, 'owner') % 11) as owner_id,
    shares(u(l, 'stage'), [.13, .75, .8, .85, .93],
        ['New', 'Nurture', 'Disqualified', 'Handed to Sales', 'Accepted by Sales', 'Converted']) as status,
    case when u(l, 'consent') < .01 then by_now(lead_us(l) + days(60)) end as consent_withdrawn_at
from range({leads}) as r(l)
