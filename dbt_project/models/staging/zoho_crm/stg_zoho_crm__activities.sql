with

calls as (
    select * from {{ source('lake', 'zoho_crm__calls') }}
),

events as (
    select * from {{ source('lake', 'zoho_crm__events') }}
)

{{ stage('zoho_crm', 'activities', {
    'activity_id': "'call-' || id",
    'kind': "'call'",
    'direction': 'lower(call_type)',
    'happened_at': 'call_start_time',
    'duration_seconds': 'call_duration_in_seconds',
    'lead_id': "nullif(lead_id, '0')",
    'contact_id': "nullif(contact_id, '0')",
    'company_id': "nullif(account_id, '0')",
    'deal_id': "nullif(deal_id, '0')",
    'owner_id': 'owner_id',
    'outcome': 'call_purpose',
}, rows='calls', lake_entity='calls') }}
union all
{{ stage('zoho_crm', 'activities', {
    'activity_id': "'event-' || id",
    'kind': "'meeting'",
    'happened_at': 'start_datetime',
    'lead_id': "nullif(lead_id, '0')",
    'contact_id': "nullif(contact_id, '0')",
    'company_id': "nullif(account_id, '0')",
    'deal_id': "nullif(deal_id, '0')",
    'owner_id': 'owner_id',
}, rows='events', lake_entity='events') }}
