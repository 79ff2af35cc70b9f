with

named_once as (
    -- the export knows the member by name only: a name that several leads bear is nobody's
    select last_name, _source, min(id) as named_lead_id
    from {{ source('lake', 'zoho_crm__leads') }}
    where _deleted = 'false' and last_name is not null
    group by last_name, _source
    having count(distinct id) = 1
),

named as (
    select last_name, _source, count(distinct id) as leads_of_name
    from {{ source('lake', 'zoho_crm__leads') }}
    where _deleted = 'false' and last_name is not null
    group by last_name, _source
),

campaigns as (
    select campaign_name as name, _source, min(id) as named_campaign_id
    from {{ source('lake', 'zoho_crm__campaigns') }}
    where _deleted = 'false'
    group by campaign_name, _source
    having count(distinct id) = 1
),

lake_rows as (
    select
        m.*,
        o.named_lead_id,
        c.named_campaign_id,
        'campaign_' || replace(lower(m.status), ' ', '_') as touch_kind,
        case
            when n.leads_of_name > 1 then 'lead_id: several leads bear this name'
            when n.leads_of_name is null then 'lead_id: no lead bears this name'
        end as match_note
    from {{ source('lake', 'zoho_crm__campaign_members') }} as m
    left join named_once as o on m.lead_last_name = o.last_name and m._source = o._source
    left join named as n on m.lead_last_name = n.last_name and m._source = n._source
    left join campaigns as c on m.campaign_name = c.name and m._source = c._source
)

{{ stage('zoho_crm', 'touches', {
    'touch_id': "_row_hash || '-' || _occurrence",
    'happened_at': 'last_modified_time',
    'kind': 'touch_kind',
    'lead_id': 'named_lead_id',
    'campaign_id': 'named_campaign_id',
}, lake_entity='campaign_members', note='coalesce(match_note, _noted)') }}
