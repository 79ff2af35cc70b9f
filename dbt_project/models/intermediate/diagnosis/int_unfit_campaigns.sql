-- Campaigns whose handed leads of a quarter missed the definition far more often than those of all other marketing: the
-- latest of such times, from the first such quarter since one in which it fitted until the last, and how it fitted before
-- (is_past: true it did, false it never did, null its other quarters are too few to say). One row per such campaign.
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

-- a quarter of enough leads that did not miss it ends such a time; one of few does not
times as (
    select
        *,
        sum(
            case
                when is_unfit then 0
                when cases >= {{ setting('signal_min_cases') }} and other_cases >= {{ setting('signal_min_cases') }} then 1
                else 0
            end
        ) over (partition by campaign_id order by period_start_on rows between unbounded preceding and current row) as time_number
    from judged
),

-- quarters differ in what was to be expected of them: the cases beyond it and their variances are summed (Cochran,
-- Biometrics 10 (1954) 417-451), in decimals, for sums of doubles differ by their order
unfit as (
    select
        campaign_id,
        time_number,
        min(period_start_on) as first_on,
        max(period_start_on) as last_on,
        count(*) as quarters,
        sum(good) as good,
        sum(cases) as cases,
        sum(other_cases) as other_cases,
        sum(cast({{ ratio('cases * other_good', 'other_cases') }} as decimal(38, 15))) as expected_good,
        sum(cast({{ ratio('cases * (good + other_good)', 'cases + other_cases') }} - good as decimal(38, 15))) as lacking,
        sum(cast({{ variance_of_good('good', 'cases', 'other_good', 'other_cases') }} as decimal(38, 15))) as variance,
        row_number() over (partition by campaign_id order by time_number desc) as recency
    from times
    where is_unfit
    group by campaign_id, time_number
),

-- its own past: all quarters before but those in which it was as bad
earlier as (
    select
        q.campaign_id,
        sum(p.good) as earlier_good,
        sum(p.cases) as earlier_cases,
        sum(p.other_good) as earlier_other_good,
        sum(p.other_cases) as earlier_other_cases
    from unfit as q
    inner join judged as p on q.campaign_id = p.campaign_id and q.last_on > p.period_start_on and not p.is_unfit
    where q.recency = 1
    group by q.campaign_id
),

known as (
    select
        q.*,
        e.earlier_good,
        e.earlier_cases,
        case
            when e.earlier_cases is null and q.quarters > 1 then false
            when e.earlier_cases >= {{ setting('signal_min_cases') }}
                then not coalesce(
                    {{ is_unfit('e.earlier_good', 'e.earlier_cases', 'e.earlier_other_good', 'e.earlier_other_cases') }}, false
                )
        end as is_past
    from unfit as q
    left join earlier as e on q.campaign_id = e.campaign_id
    where q.recency = 1
)

select
    campaign_id,
    first_on,
    last_on,
    good,
    cases,
    other_cases,
    {{ ratio('expected_good', 'cases') }} as expected_rate,
    (cast(lacking as double) - 0.5) / nullif(sqrt(cast(variance as double)), 0) as standard_errors,
    is_past,
    case when is_past then {{ ratio('earlier_good', 'earlier_cases') }} end as earlier_rate
from known
-- what was always somewhat lower did not stop
where not coalesce(is_past, false) or coalesce({{ is_unfit('good', 'cases', 'earlier_good', 'earlier_cases') }}, false)
