-- The states of deals that the forecast learns from and looks at. A deal whose source is not followed is there from the
-- instant at which it was first won: revenue, never pipeline.
with

states as (
    select
        s.*,
        coalesce(d.segment, 'unknown') as segment,
        coalesce(f.is_followed, false) as is_followed,
        min(case when s.status = 'won' then s.state_number end) over (partition by s.deal_id) as first_won_number
    from {{ ref('int_pipeline_states') }} as s
    inner join {{ ref('int_pipeline_deals') }} as d on s.deal_id = d.deal_id
    inner join {{ ref('int_known_deals') }} as k on s.deal_id = k.deal_id
    left join {{ ref('int_forecast_sources') }} as f on k.ids_of = f.ids_of
)

select
    deal_id,
    state_at,
    case when is_followed or status = 'won' then status else 'scrubbed' end as status,
    stage_order,
    {{ to_paisa('coalesce(deal_amount, 0)') }} as amount_paisa,
    expected_close_on,
    forecast_category,
    segment,
    is_followed
from states
where is_followed or state_number >= first_won_number
