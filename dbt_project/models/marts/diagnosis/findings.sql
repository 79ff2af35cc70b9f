-- What stands out so far from chance that it is named: who or what, when, what was seen and what was to be expected.
with

-- judged quarter by quarter, and so named
campaigns as (
    select
        case
            when is_past then 'campaign_stopped_fitting'
            when not is_past then 'campaign_never_fitted'
            else 'campaign_does_not_fit'
        end as finding,
        'campaign' as subject_kind,
        campaign_id as subject_id,
        'fiscal_quarter' as period_kind,
        first_on as period_start_on,
        {{ next_period_start('fiscal_quarter', 'last_on') }} as period_end_on,
        cases,
        {{ ratio('good', 'cases') }} as observed_rate,
        other_cases,
        expected_rate,
        earlier_rate,
        standard_errors,
        cast(null as double) as chance
    from {{ ref('int_unfit_campaigns') }}
),

-- beside all colleagues; who has few cases is judged by what is exact on few
owners as (
    select
        'owner_never_dispositions' as finding,
        'owner' as subject_kind,
        d.owner_id as subject_id,
        'recent' as period_kind,
        d.from_on as period_start_on,
        d.until_on as period_end_on,
        d.good,
        d.cases,
        sum(d.good) over () - d.good as other_good,
        sum(d.cases) over () - d.cases as other_cases,
        c.chance
    from {{ ref('int_owner_dispositions') }} as d
    inner join {{ ref('int_owner_chances') }} as c on d.owner_id = c.owner_id
),

-- a year's contacts: what came while the office was open beside what came while it was closed
contact_years as (
    select
        {{ period_start('fiscal_year', 'week_start_on') }} as period_start_on,
        sum(case when measure = 'contact' then met else 0 end) as met,
        sum(case when measure = 'contact' then due else 0 end) as due,
        sum(cast(case when measure = 'contact' then due * target else 0 end as decimal(18, 6))) as promised,
        sum(case when measure = 'contact_in_office_hours' then met else 0 end) as good,
        sum(case when measure = 'contact_in_office_hours' then due else 0 end) as cases
    from {{ ref('sla_weekly') }}
    where side = 'sales' and team = '(all)' and owner_id = '(all)' and measure in ('contact', 'contact_in_office_hours')
    group by {{ period_start('fiscal_year', 'week_start_on') }}
),

nights as (
    select
        'contact_met_only_by_off_hours' as finding,
        'side' as subject_kind,
        'sales' as subject_id,
        'fiscal_year' as period_kind,
        period_start_on,
        {{ next_period_start('fiscal_year', 'period_start_on') }} as period_end_on,
        good,
        cases,
        met - good as other_good,
        due - cases as other_cases,
        cast(null as double) as chance
    from contact_years
    where met >= promised and good * due < promised * cases
),

-- the newest answer after which a category receded, by far already within the answer's horizon, and all the time since: what came
-- back later has not gone, and what went later may have gone for any reason
receded as (
    select *, row_number() over (partition by category order by answered_at desc) as recency
    from {{ ref('objection_recurrence') }}
    where verdict = 'receded' and 100 * since_ratio < {{ setting('signal_max_percent_of_others') }}
),

answers as (
    select
        'objection_receded' as finding,
        'objection' as subject_kind,
        r.category as subject_id,
        'since' as period_kind,
        {{ local_day('r.answered_at') }} as period_start_on,
        cast(null as date) as period_end_on,
        r.objections_after + r.objections_later as good,
        r.conversations_after + r.conversations_later as cases,
        p.objections as other_good,
        p.conversations as other_cases,
        cast(null as double) as chance
    from receded as r
    inner join {{ ref('int_objection_past') }} as p on r.category = p.category and r.answered_at = p.answered_at
    where r.recency = 1
),

compared as (
    select * from owners
    union all
    select * from nights
    union all
    select * from answers
),

rated as (
    select
        *,
        {{ ratio('good', 'cases') }} as observed_rate,
        {{ ratio('other_good', 'other_cases') }} as expected_rate,
        {{ standard_errors_below('good', 'cases', 'other_good', 'other_cases', counts="finding = 'objection_receded'") }}
            as standard_errors
    from compared
),

-- a lasting difference in degree is no finding: what is named has all but ended
named as (
    select
        finding, subject_kind, subject_id, period_kind, period_start_on, period_end_on, cases, observed_rate, other_cases,
        expected_rate, cast(null as double) as earlier_rate, standard_errors, chance
    from rated
    where
        case
            when finding = 'owner_never_dispositions' then 100 * chance < {{ setting('signal_max_chance_percent') }}
            else
                cases >= {{ setting('signal_min_cases') }} and other_cases >= {{ setting('signal_min_cases') }}
                and standard_errors >= {{ setting('signal_standard_errors') }}
        end
        and (finding = 'contact_met_only_by_off_hours' or {{ is_far_below('good', 'cases', 'other_good', 'other_cases') }})
    union all
    select * from campaigns
)

select
    d.finding,
    d.subject_kind,
    d.subject_id,
    coalesce(u.name, c.name, d.subject_id) as subject_name,
    d.period_kind,
    d.period_start_on,
    d.period_end_on,
    -- what is over for long is history, however clear
    coalesce(
        d.period_end_on > {{ days_later('-1 * ' ~ setting('signal_current_days'), last_day()) }}, true
    ) as is_current,
    cast(d.cases as bigint) as cases,
    d.observed_rate,
    cast(d.other_cases as bigint) as other_cases,
    d.expected_rate,
    d.earlier_rate,
    d.standard_errors,
    d.chance
from named as d
left join {{ ref('core_users') }} as u on d.subject_kind = 'owner' and d.subject_id = u.user_id
left join {{ ref('core_campaigns') }} as c on d.subject_kind = 'campaign' and d.subject_id = c.campaign_id
where d.subject_id is not null
