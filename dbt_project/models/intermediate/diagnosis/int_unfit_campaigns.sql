-- Campaigns whose handed leads of a quarter missed the definition far more often than those of all other marketing, and
-- that fitted before (earlier_cases) or never did (null). One row per such campaign and quarter.
with

campaign_quarters as (
    select
        {{ period_start('fiscal_quarter', local_day('handed_over_at')) }} as period_start_on,
        campaign_id,
        count(*) as cases,
        sum(case when definition_met then 1 else 0 end) as good
    from {{ ref('handovers') }}
    where is_marketing and definition_met is not null
    group by {{ period_start('fiscal_quarter', local_day('handed_over_at')) }}, campaign_id
),

beside as (
    select
        *,
        sum(good) over (partition by period_start_on) - good as other_good,
        sum(cases) over (partition by period_start_on) - cases as other_cases
    from campaign_quarters
),

judged as (
    select *, coalesce({{ is_unfit('good', 'cases', 'other_good', 'other_cases') }}, false) as is_unfit
    from beside
    where campaign_id is not null
),

-- its own past: all its earlier quarters but those in which it was as bad
earlier as (
    select
        q.campaign_id,
        q.period_start_on,
        sum(p.good) as earlier_good,
        sum(p.cases) as earlier_cases,
        sum(p.other_good) as earlier_other_good,
        sum(p.other_cases) as earlier_other_cases
    from judged as q
    inner join judged as p on q.campaign_id = p.campaign_id and q.period_start_on > p.period_start_on and not p.is_unfit
    where q.is_unfit
    group by q.campaign_id, q.period_start_on
),

-- too short a past, or one that was bad itself, is none in which it fitted
known as (
    select
        q.*,
        case when is_past then e.earlier_good end as earlier_good,
        case when is_past then e.earlier_cases end as earlier_cases
    from judged as q
    left join (
        select
            *,
            earlier_cases >= {{ setting('signal_min_cases') }} and not coalesce(
                {{ is_unfit('earlier_good', 'earlier_cases', 'earlier_other_good', 'earlier_other_cases') }}, false
            ) as is_past
        from earlier
    ) as e on q.campaign_id = e.campaign_id and q.period_start_on = e.period_start_on
    where q.is_unfit
)

select campaign_id, period_start_on, good, cases, other_good, other_cases, earlier_good, earlier_cases
from known
where earlier_cases is null or coalesce({{ is_unfit('good', 'cases', 'earlier_good', 'earlier_cases') }}, false)
