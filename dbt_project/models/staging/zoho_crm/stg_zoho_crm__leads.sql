with

owners as (
    -- an export gives the owner by name; the name is a user's only where one user has it
    select last_name as owner_name, _source as owner_source, min(id) as owner_user_id
    from {{ source('lake', 'zoho_crm__users') }}
    where _deleted = 'false'
    group by last_name, _source
    having count(distinct id) = 1
),

lake_rows as (
    select r.*, coalesce(r.owner_id, o.owner_user_id, r.owner) as owner_key
    from {{ source('lake', 'zoho_crm__leads') }} as r
    left join owners as o on r.owner = o.owner_name and r._source = o.owner_source
)

{{ stage('zoho_crm', 'leads', {
    'lead_id': 'id',
    'created_at': 'created_time',
    'updated_at': 'modified_time',
    'email': 'email',
    'phone': 'coalesce(mobile, phone)',
    'company_name': 'company',
    'website': 'website',
    'industry': 'industry',
    'employee_count': 'no_of_employees',
    'annual_revenue': 'annual_revenue',
    'annual_revenue_currency': 'null',
    'country': 'country',
    'state': 'state',
    'city': 'city',
    'job_title': 'designation',
    'lead_source': 'lead_source',
    'owner_id': 'owner_key',
    'status': 'lead_status',
}) }}
