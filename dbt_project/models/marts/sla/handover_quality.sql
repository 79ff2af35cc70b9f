-- How well what marketing hands over meets the definition, and what it misses: by channel and campaign.
{% set periods = ['month', 'fiscal_quarter', 'fiscal_year'] %}
with

handovers as (
    select
        *,
        {{ local_day('handed_over_at') }} as handed_over_on,
        coalesce(not industry_fits, false) as is_wrong_industry,
        coalesce(not company_size_fits, false) as is_wrong_company_size,
        coalesce(not role_fits, false) as is_wrong_role,
        coalesce(not intent_fits, false) as is_without_intent,
        industry_fits is null or company_size_fits is null or intent_fits is null or role_fits is null
        or geography_fits is null as is_unknown,
        industry_fits is null or company_size_fits is null as is_unknown_company
    from {{ ref('handovers') }}
    where is_marketing and agreement_version is not null
),

in_periods as (
    {% for period in periods %}
    select *, '{{ period }}' as period_kind, {{ period_start(period, 'handed_over_on') }} as period_start_on
    from handovers
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

levels as (
    {% for channel in ['channel', "'(all)'"] %}{% for campaign in ["coalesce(campaign_id, '(none)')", "'(all)'"] %}
    select
        period_kind, period_start_on, {{ channel }} as channel_group, {{ campaign }} as campaign_group,
        definition_met, is_wrong_industry, is_wrong_company_size, is_wrong_role, is_without_intent, is_unknown, is_unknown_company
    from in_periods
    {{ 'union all' if not loop.last }}
    {% endfor %}{{ 'union all' if not loop.last }}{% endfor %}
),

summed as (
    select
        period_kind,
        period_start_on,
        channel_group as channel,
        campaign_group as campaign_id,
        cast(count(*) as bigint) as handovers
        {%- for name, condition in [
            ('definition_met', 'definition_met'), ('wrong_industry', 'is_wrong_industry'),
            ('wrong_company_size', 'is_wrong_company_size'),
            ('wrong_industry_or_size', 'is_wrong_industry or is_wrong_company_size'), ('wrong_role', 'is_wrong_role'),
            ('no_intent', 'is_without_intent'), ('with_unknown', 'is_unknown'),
            ('unknown_industry_or_size', 'is_unknown_company and not is_wrong_industry and not is_wrong_company_size')] %},
        cast(sum(case when {{ condition }} then 1 else 0 end) as bigint) as {{ name }}
        {%- endfor %}
    from levels
    group by period_kind, period_start_on, channel_group, campaign_group
)

select
    period_kind,
    period_start_on,
    channel,
    s.campaign_id,
    c.name as campaign_name,
    handovers,
    definition_met,
    wrong_industry,
    wrong_company_size,
    wrong_industry_or_size,
    wrong_role,
    no_intent,
    with_unknown,
    unknown_industry_or_size,
    {{ ratio('definition_met', 'handovers') }} as met_rate,
    {{ wilson('definition_met', 'handovers', '-') }} as met_rate_low,
    {{ wilson('definition_met', 'handovers', '+') }} as met_rate_high,
    {{ ratio('wrong_industry_or_size', 'handovers') }} as wrong_industry_or_size_rate,
    {{ wilson('wrong_industry_or_size', 'handovers', '-') }} as wrong_industry_or_size_rate_low,
    {{ wilson('wrong_industry_or_size', 'handovers', '+') }} as wrong_industry_or_size_rate_high
from summed as s
left join {{ ref('core_campaigns') }} as c on s.campaign_id = c.campaign_id
