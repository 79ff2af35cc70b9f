with

lake_rows as (
    select * from {{ source('lake', 'zoho_crm__accounts') }}
)

{{ stage('zoho_crm', 'companies', {
    'company_id': 'id',
    'name': 'account_name',
    'website': 'website',
    'industry': 'industry',
    'employee_count': 'employees',
    'annual_revenue': 'annual_revenue',
    'annual_revenue_currency': 'null',
    'country': 'billing_country',
    'state': 'billing_state',
    'city': 'billing_city',
    'created_at': 'created_time',
}, lake_entity='accounts') }}
