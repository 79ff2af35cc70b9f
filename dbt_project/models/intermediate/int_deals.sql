-- Each deal as it stood at AS_OF, in our stages and the reporting currency.
with

deals as (
    select * from {{ ref('core_deals') }}
),

states as (
    select * from {{ ref('int_deal_states') }}
),

stages as (
    select * from {{ source('agreement', 'stages') }} where entity = 'deal'
),

opportunities as (
    -- an opportunity has amount, currency and expected close date
    select deal_id, min(state_at) as opportunity_at
    from states
    where amount is not null and currency is not null and expected_close_on is not null
    group by deal_id
),

standing as (
    select
        d.*,
        s.stage as stage_as_of,
        s.amount as amount_as_of,
        s.currency as currency_as_of,
        s.expected_close_on as expected_close_as_of,
        s.owner_id as owner_as_of,
        {{ local_day('s.amount_set_at') }} as amount_set_on,
        g.stage as our_stage,
        g.stage_order,
        -- in a stage that nobody knows it is open
        coalesce(g.status, 'open') as status,
        o.opportunity_at,
        cast(coalesce(c.times_reopened, 0) as bigint) as times_reopened,
        case when d.closed_at <= {{ as_of() }} then d.closed_at else c.closed_at end as closed_by_as_of_at
    from deals as d
    inner join states as s on d.deal_id = s.deal_id and s.state_at = {{ as_of() }}
    left join stages as g on {{ words('s.stage') }} = g.source_word
    left join opportunities as o on d.deal_id = o.deal_id
    left join {{ ref('int_deal_closings') }} as c on d.deal_id = c.deal_id
)

select
    d.deal_id,
    d.source_name,
    d.ids_of,
    d.source_file,
    d.source_row,
    coalesce(d.record_url, replace(d.record_url_template, '{id}', d.source_key)) as record_url,
    d.company_id,
    d.lead_id,
    d.name,
    d.our_stage as stage,
    d.stage_order,
    d.status,
    lower(d.deal_type) as deal_type,
    d.amount_as_of as amount,
    d.currency_as_of as currency,
    cast(
        d.amount_as_of * case when d.currency_as_of = {{ setting('reporting_currency') }} then 1 else r.rate end
        as decimal(18, 2)
    ) as deal_amount,
    d.created_at,
    d.expected_close_as_of as expected_close_on,
    case when d.status in ('won', 'lost') then d.closed_by_as_of_at end as closed_at,
    d.opportunity_at,
    d.times_reopened,
    d.lead_source,
    d.campaign_id,
    case when d.status = 'lost' then d.lost_reason end as lost_reason,
    d.owner_as_of as owner_id
from standing as d
left join {{ ref('int_fx_rates') }} as r
    on d.currency_as_of = r.currency and d.amount_set_on >= r.from_on and d.amount_set_on < r.until_on
