{% set counts = ['leads', 'mqls', 'opportunities', 'customers'] %}
{% set sums -%}
    {%- for measure in ['credited_amount', 'credited_deals', 'spend_amount'] + counts -%}
    sum({{ measure }}) as {{ measure }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endset %}
{% set kinds = ['week', 'month', 'fiscal_quarter', 'fiscal_year'] %}
with

models as (
    select model, milestone from {{ ref('int_model_weights') }}
),

-- the first pass leaves a row per day, whatever the number of touches
credited as (
    select
        model,
        milestone,
        channel,
        coalesce(campaign_id, '(none)') as campaign_id,
        {{ local_day('milestone_at') }} as happened_on,
        sum(coalesce(credit_amount, 0)) as credited_amount,
        sum(credit_share) as credited_deals
    from {{ ref('touch_credit') }}
    group by model, milestone, channel, coalesce(campaign_id, '(none)'), {{ local_day('milestone_at') }}
),

credited_periods as (
    {% for kind in kinds %}
    select
        model, milestone, channel, campaign_id, '{{ kind }}' as period_kind,
        {{ period_start(kind, 'happened_on') }} as period_start_on,
        sum(credited_amount) as credited_amount, sum(credited_deals) as credited_deals
    from credited
    group by model, milestone, channel, campaign_id, {{ period_start(kind, 'happened_on') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

counted_periods as (
    {% for kind in kinds %}
    select
        channel, campaign_id, '{{ kind }}' as period_kind, {{ period_start(kind, 'happened_on') }} as period_start_on,
        sum(spend_amount) as spend_amount
        {%- for count in counts %}, sum({{ count }}) as {{ count }}{% endfor %}
    from {{ ref('int_channel_counts') }}
    group by channel, campaign_id, {{ period_start(kind, 'happened_on') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- what is counted stands beside every model
joined as (
    select
        model, milestone, channel, campaign_id, period_kind, period_start_on, credited_amount, credited_deals,
        cast(0 as decimal(18, 2)) as spend_amount{% for count in counts %}, 0 as {{ count }}{% endfor %}
    from credited_periods
    union all
    select
        m.model, m.milestone, c.channel, c.campaign_id, c.period_kind, c.period_start_on, 0 as credited_amount,
        0 as credited_deals, c.spend_amount, {{ counts | join(', ') }}
    from counted_periods as c
    cross join models as m
),

periods as (
    select model, milestone, channel, campaign_id, period_kind, period_start_on, {{ sums }}
    from joined
    group by model, milestone, channel, campaign_id, period_kind, period_start_on
),

totalled as (
    select * from periods
    union all
    select model, milestone, channel, '(all)' as campaign_id, period_kind, period_start_on, {{ sums }}
    from periods
    group by model, milestone, channel, period_kind, period_start_on
    union all
    -- a campaign's cost stands under its own channel, what came of it under the channel of the lead: here they meet
    select model, milestone, '(all)' as channel, campaign_id, period_kind, period_start_on, {{ sums }}
    from periods
    where campaign_id <> '(none)'
    group by model, milestone, campaign_id, period_kind, period_start_on
),

costed as (
    select distinct channel from {{ ref('int_costs_daily') }}
),

-- a channel whose cost nobody ever recorded is not free
spent as (
    select
        t.model, t.milestone, t.channel, t.campaign_id, t.period_kind, t.period_start_on, t.credited_amount, t.credited_deals,
        case when t.channel = '(all)' or c.channel is not null then t.spend_amount end as spend_amount,
        {% for count in counts %}t.{{ count }}{{ ', ' if not loop.last }}{% endfor %}
    from totalled as t
    left join costed as c on t.channel = c.channel
)

select
    model,
    milestone,
    channel,
    campaign_id,
    period_kind,
    period_start_on,
    cast(credited_amount as decimal(18, 2)) as credited_amount,
    cast(credited_deals as decimal(18, 9)) as credited_deals,
    cast(spend_amount as decimal(18, 2)) as spend_amount,
    {{ ratio('credited_amount', 'spend_amount') }} as return_ratio,
    {% for count in counts -%}
    cast({{ count }} as bigint) as {{ count }},
    {% endfor -%}
    {{ ratio('nullif(spend_amount, 0)', 'leads') }} as cost_per_lead,
    {{ ratio('nullif(spend_amount, 0)', 'mqls') }} as cost_per_mql,
    {{ ratio('nullif(spend_amount, 0)', 'opportunities') }} as cost_per_opportunity,
    {{ ratio('nullif(spend_amount, 0)', 'customers') }} as cost_per_customer
from spent
where
    credited_amount <> 0 or credited_deals <> 0 or coalesce(spend_amount, 0) <> 0
    or {% for count in counts %}{{ count }} <> 0{{ ' or ' if not loop.last }}{% endfor %}
