-- Every deal known by AS_OF: those that exist as core has them, those deleted since as they last were. One row per deal.
{% set columns = ['deal_id', 'source_name', 'ids_of', 'source_key', 'version_number', 'record_url_template', 'company_id', 'lead_id',
                  'amount', 'currency', 'stage', 'forecast_category', 'deal_type', 'created_at', 'expected_close_on', 'closed_at',
                  'lead_source', 'campaign_id', 'owner_id', 'record_url'] %}
with

living as (
    select * from {{ ref('core_deals') }}
),

gone as (
    select
        v.*,
        row_number() over (partition by v.deal_id order by v.holds_from_at desc, v.version_number desc, v.source_name asc) as recency
    from {{ ref('int_deal_versions') }} as v
    left join living as l on v.deal_id = l.deal_id
    where v.scrubbed_at is not null and v.created_at <= {{ as_of() }} and l.deal_id is null
),

known as (
    select {{ columns | join(', ') }}, cast(null as {{ instant_type() }}) as scrubbed_at
    from living
    union all
    select {{ columns | join(', ') }}, scrubbed_at
    from gone
    where recency = 1
),

-- a deal may have been entered before anybody said which lead it came of
linked as (
    select
        k.deal_id,
        min(case when v.lead_id = k.lead_id then v.holds_from_at end) as linked_at,
        min(case when v.lead_id is null then v.holds_from_at end) as unlinked_at
    from known as k
    inner join {{ ref('int_deal_versions') }} as v on k.deal_id = v.deal_id and k.source_name = v.source_name
    where k.lead_id is not null
    group by k.deal_id
)

select
    k.*,
    case when l.unlinked_at < l.linked_at then l.linked_at end as linked_at,
    -- it closed after AS_OF, as a record says of which nothing had been heard by then
    coalesce(k.closed_at > {{ as_of() }} and v.said_at > {{ as_of() }} and s.status in ('won', 'lost'), false) as is_closed_since
from known as k
left join linked as l on k.deal_id = l.deal_id
left join {{ ref('int_deal_versions') }} as v
    on k.deal_id = v.deal_id and k.source_name = v.source_name and k.version_number = v.version_number
left join {{ source('agreement', 'stages') }} as s on s.entity = 'deal' and {{ words('k.stage') }} = s.source_word
