-- Each slip of each deal, of closed ones too: the date it had and the one it got, what left the old quarter by that, and how the
-- deal stands at AS_OF.
with

slips as (
    select * from {{ ref('int_pipeline_due_dates') }} where is_slip
),

ends as (
    select deal_id, standing from {{ ref('int_pipeline_standings') }} where until_at is null
)

select
    s.deal_id || '#' || cast(s.slips_so_far as {{ text_type() }}) as slip_id,
    s.deal_id,
    d.source_name,
    d.record_url,
    d.company_name,
    s.source,
    d.segment,
    d.region,
    s.owner_id,
    s.state_at as slipped_at,
    s.week_start_on,
    cast(s.slips_so_far as bigint) as slip_number,
    s.due_before_on,
    s.expected_close_on as due_on,
    cast({{ days_apart('s.due_before_on', 's.expected_close_on') }} as bigint) as days_slipped,
    s.quarter_before as due_before_fiscal_quarter,
    s.due_fiscal_quarter,
    cast(-m.movement_amount as decimal(18, 2)) as slipped_amount,
    m.movement_id,
    e.standing as outcome
from slips as s
inner join {{ ref('int_pipeline_deals') }} as d on s.deal_id = d.deal_id
inner join ends as e on s.deal_id = e.deal_id
left join {{ ref('pipeline_movements') }} as m on s.deal_id = m.deal_id and s.state_at = m.moved_at and m.movement = 'pushed_out'
