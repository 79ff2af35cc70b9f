-- The states of deals that the forecast learns from and looks at, each with the segment as it was known then. A deal whose source is
-- not followed is there from the instant at which it was first won: revenue, never pipeline.
with

states as (
    select
        s.*,
        coalesce(f.is_followed, false) as is_followed,
        min(case when s.status = 'won' then s.state_number end) over (partition by s.deal_id) as first_won_number
    from {{ ref('int_pipeline_states') }} as s
    inner join {{ ref('int_known_deals') }} as k on s.deal_id = k.deal_id
    left join {{ ref('int_forecast_sources') }} as f on k.ids_of = f.ids_of
),

segments as (
    select * from {{ ref('int_deal_segments') }}
),

instants as (
    select deal_id, state_at from states
    union
    select deal_id, from_at as state_at from segments
)

select
    s.deal_id,
    i.state_at,
    case when s.is_followed or s.status = 'won' then s.status else 'scrubbed' end as status,
    s.stage_order,
    {{ to_paisa('coalesce(s.deal_amount, 0)') }} as amount_paisa,
    s.expected_close_on,
    s.forecast_category,
    coalesce(g.segment, 'unknown') as segment,
    s.is_followed
from instants as i
inner join states as s on i.deal_id = s.deal_id and s.state_at <= i.state_at and (s.until_at is null or s.until_at > i.state_at)
left join segments as g on i.deal_id = g.deal_id and g.from_at <= i.state_at and (g.until_at is null or g.until_at > i.state_at)
where s.is_followed or s.state_number >= s.first_won_number
