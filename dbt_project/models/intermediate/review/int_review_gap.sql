-- The most important funnel gap of each review in one sentence, or that there is none beyond noise.
with

weeks as (
    select * from {{ ref('int_review_weeks') }}
),

gaps as (
    select * from {{ ref('funnel_gaps') }}
),

-- what was looked at where nothing is named
looked as (
    select
        week_start_on,
        max(from_on) as from_on,
        max(until_on) as until_on,
        sum(case when status in ('ok', 'no gap beyond noise') then 1 else 0 end) as steps,
        max(case when status = 'too few leads' then status end) as too_few
    from gaps
    group by week_start_on
),

joined as (
    select
        w.week_start_on,
        w.week_end_on,
        w.agreement_version,
        coalesce(l.from_on, w.week_start_on) as from_on,
        coalesce(l.until_on, w.week_end_on) as until_on,
        case when l.from_on is null then 'week' else 'fiscal_quarter' end as period_kind,
        coalesce(g.transition, '(all)') as transition,
        g.gap_amount,
        g.low_amount,
        g.high_amount,
        g.leads_lost,
        g.entrants,
        g.current_rate,
        g.baseline_rate,
        case
            when g.transition is not null then 'ok'
            when l.steps > 0 then 'no gap beyond noise'
            else coalesce(l.too_few, 'short history')
        end as status,
        {{ fiscal_quarter_name('l.from_on') }} as fiscal_quarter
    from weeks as w
    inner join looked as l on w.week_start_on = l.week_start_on
    left join gaps as g on w.week_start_on = g.week_start_on and g.is_named
)

select
    {{ review_figure(
        'gap', '1', "'funnel_gap'", 'from_on', 'until_on', "'amount'", period_kind='period_kind', dimension="'transition'",
        dimension_value='transition', value_amount='gap_amount', low_amount='low_amount', high_amount='high_amount',
        numerator='leads_lost', denominator='entrants',
        words="case status when 'ok' then transition || ': ' || " ~ to_places('100 * current_rate', 1)
              ~ " || ' % of the leads created in ' || fiscal_quarter || ' went on, against ' || "
              ~ to_places('100 * baseline_rate', 1) ~ " || ' % over the eight quarters before; ' || "
              ~ to_places('leads_lost', 0) ~ " || ' of ' || " ~ to_places('entrants', 0) ~ " || ' leads lost'"
              ~ " when 'no gap beyond noise' then 'no gap beyond noise: no step of the leads created in ' || fiscal_quarter"
              ~ " || ' lost more than the eight quarters before vary among themselves' end",
        status='status') }}
from joined
