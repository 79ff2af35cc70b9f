-- What became by each week's end of the deals that were open at its start, at their amounts then: each has one outcome, so the
-- outcomes add up to what the week opened with.
{% set outcomes = ['moved_on', 'won', 'stayed', 'moved_back', 'lost', 'scrubbed', 'unknown'] %}
{% set in_order = 'partition by deal_id order by week_start_on' %}
with

ends_of_weeks as (
    select *, row_number() over (partition by deal_id, week_start_on order by state_number desc) as recency
    from {{ ref('int_pipeline_standings') }}
),

followed as (
    select
        *,
        lead(week_start_on) over ({{ in_order }}) as next_week_on,
        lead(standing) over ({{ in_order }}) as next_standing,
        lead(stage_order) over ({{ in_order }}) as next_stage_order
    from ends_of_weeks
    where recency = 1
),

counted as (
    select
        *,
        {{ whole_quotient(
            days_apart('week_start_on', 'coalesce(next_week_on, ' ~ period_start('week', last_day()) ~ ')'), 7
        ) }} as weeks
    from followed
    where standing = 'open'
),

-- a deal that is open at the end of a week is open at the start of all weeks up to the one in which it changes
opened as (
    select c.*, {{ days_later('7 * n.day_number', 'c.week_start_on') }} as open_week_on
    from counted as c
    inner join {{ ref('int_day_numbers') }} as n on c.weeks >= n.day_number
),

judged as (
    select
        deal_id,
        open_week_on as week_start_on,
        source,
        coalesce(deal_amount, 0) as amount,
        case
            when open_week_on = next_week_on and next_standing <> 'open' then next_standing
            when stage_order is null or {{ day_start('open_week_on') }} < stages_known_from_at then 'unknown'
            when next_week_on is null or open_week_on <> next_week_on then 'stayed'
            when next_stage_order is null then 'unknown'
            when next_stage_order > stage_order then 'moved_on'
            when next_stage_order < stage_order then 'moved_back'
            else 'stayed'
        end as outcome
    from opened
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
    case
        when is_unknown then 'unavailable: no history of stages'
        when unknown_deals > 0 then 'short history'
        when {{ days_later(6, 'week_start_on') }} > {{ last_day() }} then 'maturing'
        else 'final'
    end as status
from known
