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
    from {{ source('lake', 'zoho_crm__deals') }} as r
    left join owners as o on r.owner = o.owner_name and r._source = o.owner_source
)

{{ stage('zoho_crm', 'deals', {
    'deal_id': 'id',
    'company_id': 'account_id',
    'lead_id': 'lead_id',
    'name': 'deal_name',
    'amount': 'amount',
    'currency': 'null',
    'stage': 'stage',
    'probability': 'probability',
    'forecast_category': 'forecast_category__s',
    'deal_type': "case lower(type) when 'new business' then 'new' when 'existing business' then 'repeat' else type end",
    'created_at': 'created_time',
    'expected_close_on': 'closing_date',
    'closed_at': 'closing_date',
    'lost_reason': 'reason_for_loss',
    'lead_source': 'lead_source',
    'campaign_id': 'campaign_id',
    'owner_id': 'owner_key',
    'updated_at': 'modified_time',
}) }}
