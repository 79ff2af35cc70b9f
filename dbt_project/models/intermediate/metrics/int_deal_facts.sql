-- Each deal with its local days, its owner's team and whether its type counts.
with

deals as (
    select * from {{ ref('deals') }}
)

select
    d.deal_id,
    d.account_id,
    d.status,
    {{ is_in_scope('d.deal_type') }} as is_in_scope,
    d.deal_amount,
    d.created_at,
    d.opportunity_at,
    {{ local_day('d.opportunity_at') }} as opportunity_on,
    d.closed_at,
    {{ local_day('d.closed_at') }} as closed_on,
    c.referred_by is not null as is_referred,
    coalesce(d.channel, 'unknown') as channel,
    coalesce(d.segment, 'unknown') as segment,
    coalesce(d.region, 'unknown') as region,
    coalesce(t.owner_team, 'unknown') as owner_team
from deals as d
inner join {{ ref('core_deals') }} as c on d.deal_id = c.deal_id
left join {{ ref('int_owner_teams') }} as t on d.owner_id = t.user_id
