-- How long the machinery took to hand a lead over, and how long people then took to answer, by team and channel.
{% set periods = ['month', 'fiscal_quarter'] %}
{% set delays = ['system_delay', 'mql_to_handover', 'response_business', 'response_elapsed'] %}
with

handovers as (
    select
        {{ local_day('handed_over_at') }} as handed_over_on,
        contact_owner_team as team,
        channel,
        contact_status like 'unavailable%' as is_unavailable,
        system_delay_hours,
        mql_to_handover_hours,
        case when contact_status not like 'unavailable%' then response_business_hours end as response_business_hours,
        case when contact_status not like 'unavailable%' then response_elapsed_hours end as response_elapsed_hours
    from {{ ref('handovers') }}
    where agreement_version is not null
),

in_periods as (
    {% for period in periods %}
    select *, '{{ period }}' as period_kind, {{ period_start(period, 'handed_over_on') }} as period_start_on
    from handovers
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

levels as (
    {% for team in ['team', "'(all)'"] %}{% for channel in ['channel', "'(all)'"] %}
    select
        period_kind, period_start_on, {{ team }} as team_group, {{ channel }} as channel_group,
        is_unavailable, {% for delay in delays %}{{ delay }}_hours{{ ', ' if not loop.last }}{% endfor %}
    from in_periods
    {{ 'union all' if not loop.last }}
    {% endfor %}{{ 'union all' if not loop.last }}{% endfor %}
)

select
    period_kind,
    period_start_on,
    team_group as team,
    channel_group as channel,
    cast(count(*) as bigint) as handovers,
    cast(count(mql_to_handover_hours) as bigint) as qualified,
    cast(count(response_elapsed_hours) as bigint) as contacted,
    cast(sum(case when is_unavailable then 1 else 0 end) as bigint) as unavailable
    {%- for delay in delays %},
    cast({{ percentile(delay ~ '_hours', 0.5) }} as double) as {{ delay }}_median_hours,
    cast({{ percentile(delay ~ '_hours', 0.9) }} as double) as {{ delay }}_p90_hours
    {%- endfor %}
from levels
group by period_kind, period_start_on, team_group, channel_group
