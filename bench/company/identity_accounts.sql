select 'lead' as entity, lead_id as record_id, account_id(account_of(l)) as account_id from (
    select l, lead_id(l) as lead_id from range({leads}) as r(l))
union all select 'contact', contact_id, company_id from funnel.core_contacts
union all select 'company', company_id, company_id from funnel.core_companies
union all select 'deal', deal_id, account_id(account_of(cast(substr(lead_id, 6) as bigint) - 100000)) from funnel.core_deals
