-- Why a metric cannot be told for a period or a value of a dimension, in one phrase; what can be told has no row here.
{% set cpa = "'cpa_lead', 'cpa_mql', 'cpa_opportunity', 'cpa_customer'" %}
{% set cac = "'cac', 'cac_shifted'" %}
with

told as (
    select
        (select count(*) from {{ ref('core_activities') }}) as activities,
        (select count(*) from {{ ref('int_costs_daily') }}) as costs,
        (select count(*) from {{ ref('int_total_costs') }}) as total_costs,
        (
            select count(*) from {{ source('run', 'delivered_columns') }}
            where entity = 'deals' and column_name = 'referred_by'
        ) as referrals
),

channels as (
    select distinct channel from {{ ref('int_costs_daily') }}
),

periods as (
    select p.period_kind, p.period_start_on, count(t.fiscal_quarter) as targets
    from {{ ref('int_periods') }} as p
    left join {{ ref('int_revenue_targets') }} as t on t.starts_on >= p.period_start_on and t.starts_on < p.period_end_on
    group by p.period_kind, p.period_start_on
),

judged as (
    select
        d.metric, p.period_kind, p.period_start_on, v.dimension, v.dimension_value,
        case
            when d.metric = 'speed_to_lead' and t.activities = 0 then 'no activities'
            when d.metric = 'referral_rate' and t.referrals = 0 then 'no referrals recorded'
            when d.metric in ({{ cpa }}) and t.costs = 0 or d.metric in ({{ cac }}) and t.total_costs = 0 then 'no spend'
            when d.metric in ({{ cpa }}) and v.dimension not in ('total', 'channel') then 'cost is not known by ' || v.dimension
            when d.metric in ({{ cpa }}) and v.dimension = 'channel' and c.channel is null then 'no cost recorded for this channel'
            when d.metric in ({{ cac }}) and v.dimension <> 'total' then 'expenses are not known by ' || v.dimension
            when d.metric <> 'pipeline_coverage' then null
            when p.period_kind in ('week', 'month') then 'no target for a ' || p.period_kind
            when v.dimension <> 'total' then 'no target by ' || v.dimension
            when p.targets < case when p.period_kind = 'fiscal_year' then 4 else 1 end then 'no target'
        end as reason
    from {{ ref('metric_definitions') }} as d
    cross join periods as p
    cross join {{ ref('int_dimension_values') }} as v
    cross join told as t
    left join channels as c on v.dimension = 'channel' and v.dimension_value = c.channel
    where d.metric in ('speed_to_lead', 'referral_rate', 'pipeline_coverage', {{ cpa }}, {{ cac }})
)

select * from judged where reason is not null
