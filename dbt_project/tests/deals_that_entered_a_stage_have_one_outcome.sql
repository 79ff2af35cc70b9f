-- Each deal that entered a stage has one outcome and stands in one period of each kind; a rate lies within its interval.
with

conversion as (
    select * from {{ ref('stage_conversion') }}
),

kinds as (
    select stage, period_kind, sum(entered) as entered, sum(skipped) as skipped, sum(forward_stays) as forward_stays
    from conversion
    group by stage, period_kind
),

faults as (
    select stage, 'outcomes' as fault
    from conversion
    where
        entered <> settled + still_there + open_elsewhere or settled <> advanced + lost + scrubbed
        or re_entered > entered or began_beyond > skipped
    union all
    select stage, 'rates' as fault
    from conversion
    where
        advanced_rate < advanced_rate_low or advanced_rate > advanced_rate_high
        or settled_rate < settled_rate_low or settled_rate > settled_rate_high
        or settled_rate < advanced_rate or advanced_rate_low < 0 or settled_rate_high > 1 or median_days > p90_days
    union all
    select stage, 'periods' as fault
    from kinds
    group by stage
    having min(entered) <> max(entered) or min(skipped) <> max(skipped) or min(forward_stays) <> max(forward_stays)
)

select * from faults
