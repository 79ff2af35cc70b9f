-- The open deals as they stand at AS_OF, beside what their stage usually takes and how often they have slipped.
with

standing as (
    select * from {{ ref('int_pipeline_standings') }} where until_at is null and standing = 'open'
),

turns as (
    select * from {{ ref('int_pipeline_turns') }}
),

-- of too few stays nothing is usual
usual as (
    select
        stage,
        count(*) as forward_stays,
        case when count(*) >= {{ setting('signal_min_cases') }} then {{ percentile('stay_days', 0.5) }} end as median_days,
        case when count(*) >= {{ setting('signal_min_cases') }} then {{ percentile('stay_days', 0.9) }} end as p90_days
    from turns
    where is_dated and is_forward
    group by stage
),

slips as (
    select
        deal_id,
        max(case when date_number = 1 then expected_close_on end) as first_due_on,
        sum(case when is_redated then 1 else 0 end) as times_redated,
        max(slips_so_far) as times_slipped
    from {{ ref('int_pipeline_due_dates') }}
    group by deal_id
),

joined as (
    select
        s.*,
        d.source_name,
        d.record_url,
        d.company_name,
        d.segment,
        d.region,
        d.created_at,
        d.has_history,
        d.known_from_at,
        w.name as owner_name,
        t.is_dated,
        t.turned_at,
        {{ days_between('greatest(t.turned_at, s.stages_known_from_at)', as_of()) }} as seen_days,
        coalesce(u.forward_stays, 0) as forward_stays,
        u.median_days,
        u.p90_days,
        p.first_due_on,
        coalesce(p.times_redated, 0) as times_redated,
        coalesce(p.times_slipped, 0) as times_slipped,
        s.due_dates_known_from_at <= {{ as_of() }} as is_due_known,
        {{ local_day(as_of()) }} as today_on
    from standing as s
    inner join {{ ref('int_pipeline_deals') }} as d on s.deal_id = d.deal_id
    inner join turns as t on s.deal_id = t.deal_id and t.left_at is null
    left join usual as u on t.stage = u.stage
    left join slips as p on s.deal_id = p.deal_id
    left join {{ ref('core_users') }} as w on s.owner_id = w.user_id
),

judged as (
    select
        *,
        case
            when stage is null then 'unavailable: stage not known'
            when stages_known_from_at > {{ as_of() }} then 'unavailable: no history of stages'
            when p90_days is null then 'short history'
            when not is_dated and seen_days <= p90_days then 'unavailable: entered before its history'
            else 'ok'
        end as stage_status,
        case
            when not is_due_known then 'unavailable: no history of due dates'
            when first_due_on is null then 'no due date'
            when due_dates_known_from_at > created_at then 'short history'
            else 'ok'
        end as due_status
    from joined
)

select
    deal_id,
    source_name,
    record_url,
    company_name,
    source,
    segment,
    region,
    owner_id,
    owner_name,
    created_at,
    deal_amount,
    forecast_category,
    stage,
    stage_order,
    case when is_dated then turned_at end as stage_entered_at,
    case when is_dated then seen_days end as days_in_stage,
    case when stage is not null and stages_known_from_at <= {{ as_of() }} then seen_days end as days_seen_in_stage,
    cast(forward_stays as bigint) as stage_forward_stays,
    cast(median_days as double) as stage_median_days,
    cast(p90_days as double) as stage_p90_days,
    case when stage_status = 'ok' then seen_days > p90_days end as is_stalled,
    stage_status,
    expected_close_on as due_on,
    due_fiscal_quarter,
    case when is_due_known then first_due_on end as first_due_on,
    case when is_due_known then cast({{ days_apart('first_due_on', 'expected_close_on') }} as bigint) end as days_from_first_due,
    case when is_due_known then cast(times_redated as bigint) end as times_redated,
    case when is_due_known then cast(times_slipped as bigint) end as times_slipped,
    coalesce(expected_close_on < today_on, false) as is_past_due,
    case
        when expected_close_on is null then null
        when expected_close_on < today_on then cast({{ days_apart('expected_close_on', 'today_on') }} as bigint)
        else 0
    end as days_past_due,
    due_status,
    has_history,
    case when known_from_at < {{ as_of() }} then known_from_at end as known_from_at
from judged
