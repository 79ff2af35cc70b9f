select 'crm:P' || (60000 + c) as contact_id, account_id(account_of(c * 7)) as company_id, 'contact' || c || '@example.com' as email,
    instant_of(lead_us(c * 7)) as created_at
from range({leads} // 10) as r(c) where has_company(account_of(c * 7))
