with

lake_rows as (
    select * from {{ source('lake', 'zoho_crm__invoices') }}
)

{{ stage('zoho_crm', 'invoices', {
    'invoice_id': 'id',
    'company_id': 'account_id',
    'issued_on': 'coalesce(invoice_date, created_time)',
    'amount': 'coalesce(sub_total, grand_total)',
    'tax': 'tax',
    'currency': 'null',
    'status': 'status',
}, lake_entity='invoices') }}
