-- What became by each week's end of the deals that were open at its start, at their amounts then: each has one outcome, so the
-- outcomes add up to what the week opened with.
{% set outcomes = ['moved_on', 'won', 'stayed', 'moved_back', 'lost', 'scrubbed', 'unknown'] %}
with

judged as (
    select
        deal_id,
        week_start_on,
        source,
        coalesce(deal_amount, 0) as amount,
        case
            when week_start_on = next_week_on and next_standing <> 'open' then next_standing
            when stage_order is null or {{ day_start('week_start_on') }} < stages_known_from_at then 'unknown'
            when next_week_on is null or week_start_on <> next_week_on then 'stayed'
            when next_stage_order is null then 'unknown'
            when next_stage_order > stage_order then 'moved_on'
            when next_stage_order < stage_order then 'moved_back'
            else 'stayed'
        end as outcome
    from {{ ref('int_pipeline_weeks') }}
),

summed as (
    select
        week_start_on,
        source,
        count(*) as open_deals,
        sum(amount) as open_amount
        {%- for outcome in outcomes %},
        sum(case when outcome = '{{ outcome }}' then 1 else 0 end) as {{ outcome }}_deals,
        sum(case when outcome = '{{ outcome }}' then amount else 0 end) as {{ outcome }}_amount
        {%- endfor %}
    from judged
    group by week_start_on, source
),

-- where no open deal's stage is known, nobody can say what moved on
known as (
    select *, unknown_deals > 0 and moved_on_deals + stayed_deals + moved_back_deals = 0 as is_unknown from summed
)

select
    week_start_on,
    source,
    cast(open_deals as bigint) as open_deals,
    cast(open_amount as decimal(18, 2)) as open_amount,
    cast(case when not is_unknown then moved_on_deals + won_deals end as bigint) as advanced_deals,
    cast(case when not is_unknown then moved_on_amount + won_amount end as decimal(18, 2)) as advanced_amount,
    {%- for outcome in outcomes %}
    {%- set told = '' if outcome in ['won', 'lost', 'scrubbed', 'unknown'] else 'case when not is_unknown then ' %}
    cast({{ told }}{{ outcome }}_deals{{ ' end' if told }} as bigint) as {{ outcome }}_deals,
    cast({{ told }}{{ outcome }}_amount{{ ' end' if told }} as decimal(18, 2)) as {{ outcome }}_amount,
    {%- endfor %}
    case when {{ days_later(6, 'week_start_on') }} > {{ last_day() }} then 'maturing' else 'final' end as maturity,
    case
        when is_unknown then 'unavailable: no history of stages'
        when unknown_deals > 0 then 'partly kept'
        else 'kept'
    end as history_status
from known
