-- What each week brought into the pipeline: deals that became opportunities, with their amount at that instant; beside it what
-- the waterfall counts as created, which asks for no date.
with

states as (
    select
        *,
        row_number() over (partition by deal_id order by case when deal_amount is null then 1 else 0 end, state_number) as amount_choice,
        row_number() over (
            partition by deal_id
            order by case when deal_amount is null or expected_close_on is null then 1 else 0 end, state_number
        ) as opportunity_choice
    from {{ ref('int_pipeline_standings') }}
),

counted as (
    select
        *,
        amount_choice = 1 as is_created,
        opportunity_choice = 1 and expected_close_on is not null as is_generated,
        state_at < amounts_known_from_at or state_at < due_dates_known_from_at as is_told_later
    from states
    where deal_amount is not null and (amount_choice = 1 or (opportunity_choice = 1 and expected_close_on is not null))
),

summed as (
    select
        week_start_on,
        source,
        sum(case when is_generated then 1 else 0 end) as deals,
        {% for column, condition in {
            'generated': 'is_generated', 'created': 'is_created', 'undated': 'is_created and not is_generated',
            'dated_later': 'is_generated and not is_created',
        }.items() -%}
        cast(sum(case when {{ condition }} then deal_amount else 0 end) as decimal(18, 2)) as {{ column }}_amount,
        {% endfor -%}
        count(*) as counted_deals,
        sum(case when is_told_later then 1 else 0 end) as told_later_deals
    from counted
    group by week_start_on, source
)

select
    week_start_on,
    source,
    cast(deals as bigint) as deals,
    generated_amount,
    created_amount,
    undated_amount,
    dated_later_amount,
    cast(told_later_deals as bigint) as told_later_deals,
    case when {{ days_later(6, 'week_start_on') }} > {{ last_day() }} then 'maturing' else 'final' end as maturity,
    case
        when told_later_deals = counted_deals then 'unavailable: no history of deals'
        when told_later_deals > 0 then 'partly kept'
        else 'kept'
    end as history_status
from summed
