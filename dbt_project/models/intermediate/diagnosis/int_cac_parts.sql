-- Why a new customer costs what it costs now and not what it cost the year before, channel by channel. Both years' campaign
-- cost per customer is 1 / (sum of a channel's share of the spending x the customers it won per unit spent, and the
-- customers that cost nothing per unit spent). A difference of such products falls into what a unit of money brought
-- (at the mean share) and where it went (at the mean yield, against that of all channels), and the difference of costs is
-- that of their inverses times both costs: nothing is left over, and a channel that won nobody has a yield of 0.
with

channels as (
    select
        *,
        cast(campaign_cost_now as double) / total_customers_now * cast(campaign_cost_before as double) / total_customers_before
            as both_costs,
        {% for sign_window in ['now', 'before'] -%}
        {{ ratio('cost_' ~ sign_window, 'campaign_cost_' ~ sign_window) }} as share_{{ sign_window }},
        {{ ratio('customers_' ~ sign_window, 'cost_' ~ sign_window) }} as yield_{{ sign_window }},
        {{ ratio('paid_customers_' ~ sign_window, 'campaign_cost_' ~ sign_window) }} as usual_yield_{{ sign_window }},
        {{ ratio('total_cost_' ~ sign_window ~ ' - campaign_cost_' ~ sign_window, 'total_customers_' ~ sign_window) }}
            as expenses_{{ sign_window }},
        case when cost_{{ sign_window }} > 0 then 0 else customers_{{ sign_window }} end as free_customers_{{ sign_window }},
        case when cost_{{ sign_window }} > 0 then customers_{{ sign_window }} else 0 end as bought_customers_{{ sign_window }},
        {% endfor -%}
        cost_now > 0 and customers_now = 0 or cost_before > 0 and customers_before = 0 as is_barren
    from {{ ref('int_cac_channels') }}
    where campaign_cost_now > 0 and campaign_cost_before > 0 and total_customers_now > 0 and total_customers_before > 0
),

-- a yield's chance: that of a count, at the yield of both years and of one customer more at what all channels bring
measured as (
    select
        *,
        (usual_yield_now + usual_yield_before) / 2 as usual_yield,
        (coalesce(yield_now, yield_before) + coalesce(yield_before, yield_now)) / 2 as mean_yield,
        (share_now + share_before) / 2 as mean_share,
        cast(bought_customers_now + bought_customers_before + 1 as double) / (
            cast(cost_now + cost_before as double) + coalesce(2 / nullif(usual_yield_now + usual_yield_before, 0), 0)
        ) as steady_yield
    from channels
),

split as (
    select
        *,
        case when yield_now is null or yield_before is null then 0 else both_costs * mean_share * (yield_before - yield_now) end
            as of_yield,
        both_costs * (mean_yield - usual_yield) * (share_before - share_now) as of_share,
        {% for sign_window in ['now', 'before'] -%}
        -- the part that the trend counts: the mean share of what was bought in both years, else that of the year
        case
            when cost_{{ sign_window }} > 0 and (is_barren or cost_now > 0 and cost_before > 0)
                then power(both_costs * case when cost_now > 0 and cost_before > 0 then mean_share else share_{{ sign_window }} end, 2)
                    * steady_yield / cast(cost_{{ sign_window }} as double)
            else 0
        end as variance_{{ sign_window }}{{ ',' if not loop.last }}
        {% endfor %}
    from measured
),

parts as (
    select
        1 as part_order, 'price' as part, channel, cost_now, cost_before, customers_now, customers_before,
        of_yield as change, variance_now, variance_before
    from split
    where not is_barren and cost_now > 0 and cost_before > 0
    union all
    select
        2 as part_order, 'spend without customers' as part, channel, cost_now, cost_before, customers_now, customers_before,
        of_yield + of_share as change, variance_now, variance_before
    from split
    where is_barren
    union all
    select
        3 as part_order, 'mix' as part, channel, cost_now, cost_before, customers_now, customers_before,
        of_share as change, 0 as variance_now, 0 as variance_before
    from split
    where not is_barren and (cost_now > 0 or cost_before > 0)
    union all
    select
        4 as part_order, 'customers without spend' as part, channel, cost_now, cost_before, customers_now, customers_before,
        both_costs * (
            cast(free_customers_before as double) / cast(campaign_cost_before as double)
            - cast(free_customers_now as double) / cast(campaign_cost_now as double)
        ) as change,
        0 as variance_now, 0 as variance_before
    from split
    where free_customers_now > 0 or free_customers_before > 0
    union all
    select distinct
        5 as part_order, 'expenses' as part, '(all)' as channel,
        total_cost_now - campaign_cost_now as cost_now, total_cost_before - campaign_cost_before as cost_before,
        total_customers_now as customers_now, total_customers_before as customers_before,
        expenses_now - expenses_before as change,
        0 as variance_now, 0 as variance_before
    from split
)

-- sums are of decimals, for those of doubles differ by their order
select
    part_order,
    part,
    channel,
    cost_now,
    cost_before,
    customers_now,
    customers_before,
    cast(change as decimal(28, 6)) as change,
    cast(variance_now as decimal(38, 6)) as variance_now,
    cast(variance_before as decimal(38, 6)) as variance_before
from parts
