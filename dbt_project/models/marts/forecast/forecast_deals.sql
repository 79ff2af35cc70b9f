-- What each open deal brings to the blend's weighted pipeline, and each deal that it leaves out, by name.
with

contributions as (
    select * from {{ source('forecast', 'contributions') }}
),

blend as (
    select horizon, fiscal_quarter, status
    from {{ source('forecast', 'forecasts') }}
    where origin = 'published' and method = 'blend' and segment = 'all'
),

states as (
    select * from {{ ref('int_pipeline_states') }} where until_at is null
),

-- on invoices a won deal waits for the rest of its money, too
listed as (
    select horizon, deal_id from contributions
    union
    select b.horizon, s.deal_id
    from states as s
    cross join blend as b
    where s.status = 'open'
)

select
    l.horizon,
    b.fiscal_quarter,
    l.deal_id,
    d.record_url,
    d.company_name,
    s.owner_id,
    d.source,
    coalesce(g.segment, 'unknown') as segment,
    s.stage,
    s.stage_order,
    s.forecast_category,
    s.expected_close_on,
    s.due_fiscal_quarter,
    o.days_in_stage,
    coalesce(o.is_past_due, false) as is_past_due,
    case when c.deal_id is null then s.deal_amount else {{ from_paisa('c.open_paisa') }} end as open_amount,
    c.conversion_rate,
    c.blend_weight,
    {{ from_paisa('c.expected_paisa') }} as expected_amount,
    case
        when c.deal_id is not null then 'ok'
        when b.status <> 'ok' then b.status
        else 'not enough history'
    end as status
from listed as l
inner join blend as b on l.horizon = b.horizon
inner join {{ ref('int_pipeline_deals') }} as d on l.deal_id = d.deal_id
left join {{ ref('int_deal_segments') }} as g on l.deal_id = g.deal_id and g.until_at is null
inner join states as s on l.deal_id = s.deal_id
left join {{ ref('open_deals') }} as o on l.deal_id = o.deal_id
left join contributions as c on l.horizon = c.horizon and l.deal_id = c.deal_id
