-- What stands out so far from chance that it is named: who or what, when, what was seen and what was to be expected.
with

handovers as (
    select * from {{ ref('handovers') }} where definition_met is not null
),

-- a campaign's handovers of a quarter beside those of all other marketing campaigns and channels in it
campaign_quarters as (
    select
        {{ period_start('fiscal_quarter', local_day('handed_over_at')) }} as period_start_on,
        campaign_id,
        count(*) as cases,
        sum(case when definition_met then 1 else 0 end) as good
    from handovers
    where is_marketing
    group by {{ period_start('fiscal_quarter', local_day('handed_over_at')) }}, campaign_id
),

campaigns as (
    select
        'campaign_stopped_fitting' as finding,
        'campaign' as subject_kind,
        campaign_id as subject_id,
        'fiscal_quarter' as period_kind,
        period_start_on,
        good,
        cases,
        sum(good) over (partition by period_start_on) - good as other_good,
        sum(cases) over (partition by period_start_on) - cases as other_cases
    from campaign_quarters
),

-- who says nothing of the leads that did not advance, beside all colleagues
owner_counts as (
    select
        disposition_owner_id,
        count(*) as cases,
        sum(case when disposition_status in ('given', 'late') then 1 else 0 end) as good
    from handovers
    where disposition_status in ('given', 'late', 'missing') and disposition_owner_id is not null
    group by disposition_owner_id
),

owners as (
    select
        'owner_never_dispositions' as finding,
        'owner' as subject_kind,
        disposition_owner_id as subject_id,
        'all' as period_kind,
        cast(null as date) as period_start_on,
        good,
        cases,
        sum(good) over () - good as other_good,
        sum(cases) over () - cases as other_cases
    from owner_counts
),

-- a year's contacts: what came while the office was open beside what came while it was closed
contact_years as (
    select
        {{ period_start('fiscal_year', 'week_start_on') }} as period_start_on,
        sum(case when measure = 'contact' then met else 0 end) as met,
        sum(case when measure = 'contact' then due else 0 end) as due,
        sum(case when measure = 'contact' then due * target else 0 end) as promised,
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
        good,
        cases,
        met - good as other_good,
        due - cases as other_cases
    from contact_years
    where met >= promised and good * due < promised * cases
),

-- all the time since the answer: what came back later has not gone
answers as (
    select
        'objection_receded' as finding,
        'objection' as subject_kind,
        category as subject_id,
        'all' as period_kind,
        {{ local_day('answered_at') }} as period_start_on,
        objections_after + objections_later as good,
        conversations_after + conversations_later as cases,
        objections_before as other_good,
        conversations_before as other_cases
    from (
        -- a category may be answered twice a day, which is one finding
        select *, row_number() over (partition by category, {{ local_day('answered_at') }} order by answered_at) as place
        from {{ ref('objection_recurrence') }}
        where verdict = 'receded'
    ) as numbered
    where place = 1
),

compared as (
    select * from campaigns
    union all
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
        {{ ratio('good + other_good', 'cases + other_cases') }} as common_rate
    from compared
    where subject_id is not null and cases >= {{ setting('signal_min_cases') }} and other_cases >= {{ setting('signal_min_cases') }}
),

distant as (
    select
        *,
        (expected_rate - observed_rate) / nullif(sqrt(
            common_rate * (1 - common_rate) * (cast(1 as double) / cases + cast(1 as double) / other_cases)
        ), 0) as standard_errors
    from rated
)

select
    d.finding,
    d.subject_kind,
    d.subject_id,
    coalesce(u.name, c.name, d.subject_id) as subject_name,
    d.period_kind,
    d.period_start_on,
    cast(d.cases as bigint) as cases,
    d.observed_rate,
    cast(d.other_cases as bigint) as other_cases,
    d.expected_rate,
    d.standard_errors
from distant as d
left join {{ ref('core_users') }} as u on d.subject_kind = 'owner' and d.subject_id = u.user_id
left join {{ ref('core_campaigns') }} as c on d.subject_kind = 'campaign' and d.subject_id = c.campaign_id
where
    d.standard_errors >= {{ setting('signal_standard_errors') }}
    -- a lasting difference in degree is no finding: what is named has all but ended
    and (d.finding = 'contact_met_only_by_off_hours' or d.observed_rate < d.expected_rate / 2)
