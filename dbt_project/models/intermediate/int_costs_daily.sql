-- Campaign cost per local day in the reporting currency. Interim: rows of ad_spend only.
with

spend as (
    select
        s.*,
        {{ channel_key(campaign_type='c.type', platform='s.platform') }} as channel_key
    from {{ ref('core_ad_spend') }} as s
    left join {{ ref('core_campaigns') }} as c on s.campaign_id = c.campaign_id
)

select
    s.spent_on,
    'ad_spend' as source_kind,
    s.campaign_id,
    s.platform,
    coalesce(r.channel, 'unmapped') as channel,
    coalesce(r.is_marketing, false) as is_marketing,
    cast(
        s.amount * case when s.currency = {{ setting('reporting_currency') }} then 1 else f.rate end as decimal(18, 2)
    ) as cost_amount
from spend as s
left join {{ ref('int_channels') }} as r on s.channel_key = r.channel_key
left join {{ ref('int_fx_rates') }} as f on s.currency = f.currency and s.spent_on >= f.from_on and s.spent_on < f.until_on
where s.amount * case when s.currency = {{ setting('reporting_currency') }} then 1 else f.rate end is not null
