-- Each person's lead with its local days and its owner's team at AS_OF.
with

persons as (
    select * from {{ ref('int_persons') }}
),

owners as (
    select lead_id, value as owner_id
    from {{ ref('int_lead_values') }}
    where
        field = 'owner'
        and (from_at is null or from_at <= {{ as_of() }}) and (until_at is null or until_at > {{ as_of() }})
)

select
    l.lead_id,
    l.account_id,
    l.created_at,
    {{ local_day('l.created_at') }} as created_on,
    {{ local_day('l.mql_at') }} as mql_on,
    l.opportunity_at,
    coalesce({{ is_within_days('l.created_at', 'l.opportunity_at', setting('maturity_days')) }}, false) as is_opportunity_in_time,
    coalesce(l.channel, 'unknown') as channel,
    coalesce(l.segment, 'unknown') as segment,
    coalesce(l.region, 'unknown') as region,
    coalesce(t.owner_team, 'unknown') as owner_team
from persons as l
inner join {{ ref('core_leads') }} as c on l.lead_id = c.lead_id
left join owners as o on l.lead_id = o.lead_id
left join {{ ref('int_owner_teams') }} as t on case when o.lead_id is not null then o.owner_id else c.owner_id end = t.user_id
