with

lake_rows as (
    select * from {{ source('lake', 'zoho_crm__users') }}
)

{{ stage('zoho_crm', 'users', {
    'user_id': 'id',
    'name': "trim(coalesce(first_name, '') || ' ' || coalesce(last_name, ''))",
}, lake_entity='users') }}
