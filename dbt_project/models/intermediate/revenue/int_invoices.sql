-- Invoices in the reporting currency at their day's rate, with the deal and the account they belong to.
with

invoices as (
    select * from {{ ref('core_invoices') }}
),

companies as (
    select record_id as company_id, account_id from {{ source('identity', 'accounts') }} where entity = 'company'
)

select
    i.invoice_id,
    i.source_name,
    i.source_file,
    i.source_row,
    d.deal_id,
    coalesce(c.account_id, d.account_id) as account_id,
    i.issued_on,
    i.amount,
    {{ in_reporting_currency('i.amount', 'i.currency', 'r.rate') }} as invoice_amount,
    i.status is not null and {{ is_listed('i.status', 'invoice_statuses_not_counted') }} as is_void
from invoices as i
left join {{ ref('deals') }} as d on i.deal_id = d.deal_id
left join companies as c on i.company_id = c.company_id
left join {{ ref('int_fx_rates') }} as r
    on i.currency = r.currency and i.issued_on >= r.from_on and i.issued_on < r.until_on
