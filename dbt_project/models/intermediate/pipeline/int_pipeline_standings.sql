-- How each deal stood from each of its states on, and the week that the state counts in. One that is deleted after it closed
-- stays closed: nothing leaves the pipeline by that. One row per deal and state.
{% set in_order = 'order by state_number' %}
with

told as (
    select
        *,
        max(case when status <> 'scrubbed' then state_number end) over (
            partition by deal_id {{ in_order }} rows between unbounded preceding and current row
        ) as told_number
    from {{ ref('int_pipeline_states') }}
),

carried as (
    select *, first_value(status) over (partition by deal_id, told_number {{ in_order }}) as status_told from told
),

dated as (
    select *, least({{ local_day('state_at') }}, {{ last_day() }}) as counted_on from carried
)

select
    s.deal_id,
    s.state_number,
    s.state_at,
    s.until_at,
    s.counted_on,
    {{ period_start('week', 's.counted_on') }} as week_start_on,
    case when s.status_told in ('won', 'lost') then s.status_told else s.status end as standing,
    s.stage,
    s.stage_order,
    s.source,
    s.deal_amount,
    s.expected_close_on,
    s.due_fiscal_quarter,
    s.forecast_category,
    s.owner_id,
    f.stages_known_from_at,
    f.amounts_known_from_at,
    f.due_dates_known_from_at
from dated as s
inner join {{ ref('int_pipeline_follows') }} as f on s.deal_id = f.deal_id
