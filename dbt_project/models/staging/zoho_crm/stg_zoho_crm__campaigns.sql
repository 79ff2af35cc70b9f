with

lake_rows as (
    select * from {{ source('lake', 'zoho_crm__campaigns') }}
)

{{ stage('zoho_crm', 'campaigns', {
    'campaign_id': 'id',
    'name': 'campaign_name',
    'type': 'type',
    'starts_on': 'start_date',
    'ends_on': 'end_date',
    'budget': 'budgeted_cost',
    'actual_cost': 'actual_cost',
    'currency': 'null',
}, lake_entity='campaigns') }}
