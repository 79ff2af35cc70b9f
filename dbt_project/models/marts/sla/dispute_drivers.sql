-- What the disagreement is about: the criteria of leads that sales took all the same, sales' words for those it refused.
{% set criteria = ['industry', 'company_size', 'intent', 'role', 'geography'] %}
{% set kinds = ['month', 'fiscal_quarter'] %}
with

disputes as (
    select
        d.*,
        {% for criterion in criteria -%}
        h.{{ criterion }}_fits{{ ', ' if not loop.last }}
        {% endfor %}
    from {{ ref('qualification_disputes') }} as d
    inner join {{ ref('handovers') }} as h on d.handover_id = h.handover_id
),

-- a lead that misses two criteria stands under both
driven as (
    {% for criterion in criteria -%}
    select
        *,
        case when {{ criterion }}_fits is null then 'unknown: ' else 'not ' end
        || '{{ criterion | replace('_', ' ') }}' as driver
    from disputes
    where failed_criteria is not null and not coalesce({{ criterion }}_fits, false)
    union all
    {% endfor -%}
    select *, disposition as driver
    from disputes
    where disposition is not null
),

cut as (
    select handed_over_at, segment, dispute, driver, later_outcome, later_amount from driven
    union all
    select handed_over_at, '(all)' as segment, dispute, driver, later_outcome, later_amount from driven
),

periods as (
    {% for kind in kinds -%}
    select '{{ kind }}' as period_kind, {{ period_start(kind, local_day('handed_over_at')) }} as period_start_on, cut.* from cut
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

totals as (
    {% for kind in kinds -%}
    select
        '{{ kind }}' as period_kind, {{ period_start(kind, local_day('handed_over_at')) }} as period_start_on,
        segment, dispute, count(*) as disputes
    from (
        select handed_over_at, segment, dispute from disputes
        union all
        select handed_over_at, '(all)' as segment, dispute from disputes
    ) as both_cuts
    group by {{ period_start(kind, local_day('handed_over_at')) }}, segment, dispute
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

counted as (
    select
        period_kind, period_start_on, segment, dispute, driver,
        cast(count(*) as bigint) as disputes,
        cast(sum(case when later_outcome = 'won' then 1 else 0 end) as bigint) as won,
        cast(sum(case when later_outcome = 'won' then later_amount else 0 end) as decimal(18, 2)) as won_amount
    from periods
    group by period_kind, period_start_on, segment, dispute, driver
)

select
    c.period_kind, c.period_start_on, c.segment, c.dispute, c.driver, c.disputes,
    {{ ratio('c.disputes', 't.disputes') }} as dispute_share,
    c.won, c.won_amount
from counted as c
inner join totals as t
    on
        c.period_kind = t.period_kind and c.period_start_on = t.period_start_on
        and c.segment = t.segment and c.dispute = t.dispute
