with

lake_rows as (
    select * from {{ source('lake', 'zoho_crm__contacts') }}
)

{{ stage('zoho_crm', 'contacts', {
    'contact_id': 'id',
    'company_id': 'account_id',
    'email': 'email',
    'phone': 'mobile',
    'job_title': 'title',
    'created_at': 'created_time',
}, lake_entity='contacts') }}
