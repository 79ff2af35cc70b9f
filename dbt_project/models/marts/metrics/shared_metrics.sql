{% set of_customers = "'cac', 'cac_shifted', 'cpa_customer', 'new_customers', 'referral_rate', 'clv', 'repeat_purchase_rate'" %}
{% set of_a_year = "'sales_velocity', 'pipeline_coverage_needed'" %}
with

expenses as (
    select count(*) as expense_rows from {{ ref('core_expenses') }}
),

grid as (
    select d.metric, d.unit, d.value_is, p.*, v.dimension, v.dimension_value
    from {{ ref('metric_definitions') }} as d
    cross join {{ ref('int_periods') }} as p
    cross join {{ ref('int_dimension_values') }} as v
    where not p.is_ahead or d.metric = 'pipeline_coverage'
),

joined as (
    select
        g.*,
        s.numerator,
        s.denominator,
        r.reason,
        case
            when r.reason is not null then 'unavailable: ' || r.reason
            when g.metric in ('cac', 'cac_shifted') and e.expense_rows = 0 then 'media CAC'
            when g.metric = 'lead_to_opportunity_rate' then case when g.is_mature then 'final' else 'maturing' end
            when g.is_running then 'maturing'
            when g.is_short_of_orders and g.metric in ({{ of_customers }}) then 'short history'
            when g.is_short_history and g.metric in ({{ of_a_year }}) then 'short history'
            else 'final'
        end as status
    from grid as g
    cross join expenses as e
    left join {{ ref('int_metric_sides') }} as s
        on
            g.metric = s.metric and g.period_kind = s.period_kind and g.period_start_on = s.period_start_on
            and g.dimension = s.dimension and g.dimension_value = s.dimension_value
    left join {{ ref('int_metric_reasons') }} as r
        on
            g.metric = r.metric and g.period_kind = r.period_kind and g.period_start_on = r.period_start_on
            and g.dimension = r.dimension and g.dimension_value = r.dimension_value
)

select
    metric,
    period_kind,
    period_start_on,
    dimension,
    dimension_value,
    case
        when reason is not null or (metric = 'lead_to_opportunity_rate' and status = 'maturing') then null
        when value_is = 'numerator' then numerator
        else numerator / nullif(denominator, 0)
    end as value,
    case when reason is null then numerator end as numerator,
    -- an amount is still to be covered only where there is a target
    case when reason is null or metric <> 'pipeline_coverage' then denominator end as denominator,
    unit,
    status,
    agreement_version
from joined
