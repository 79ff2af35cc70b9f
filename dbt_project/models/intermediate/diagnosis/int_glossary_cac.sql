-- The glossary's CAC over the signs' two years: all that sales and marketing cost per new customer. One row.
with

quarters as (
    select
        w.sign_window,
        case when m.metric = 'cac' then cast(m.numerator as decimal(18, 2)) end as cost_amount,
        case when m.metric = 'cac' then cast(m.denominator as bigint) end as customers,
        case when m.status = 'media CAC' then 1 else 0 end as is_media_only,
        case when m.metric = 'new_customers' and m.status = 'short history' then 1 else 0 end as is_short_history,
        case when m.metric = 'new_customers' then 1 else 0 end as is_quarter
    from {{ ref('shared_metrics') }} as m
    inner join {{ ref('int_sign_windows') }} as w on m.period_start_on >= w.from_on and m.period_start_on < w.until_on
    where m.metric in ('cac', 'new_customers') and m.period_kind = 'fiscal_quarter' and m.dimension = 'total'
),

cac as (
    select
        sign_window,
        {{ ratio('sum(cost_amount)', 'sum(customers)') }} as cac,
        sum(customers) as customers,
        sum(is_media_only) > 0 as is_media_only,
        -- customers of before the data are called new: they would seem to have come cheap
        2 * sum(is_short_history) > sum(is_quarter) as is_short_history,
        sum(is_short_history) as short_quarters
    from quarters
    group by sign_window
),

-- customers come by chance: the interval of the ratio of two costs per customer is that of the ratio of two counts
beside as (
    select
        n.cac,
        b.cac as cac_before,
        n.is_media_only,
        b.is_short_history,
        b.short_quarters,
        exp({{ z_of_95() }} * sqrt({{ ratio('1', 'n.customers') }} + {{ ratio('1', 'b.customers') }})) as ratio_beyond_chance
    from cac as n
    left join cac as b on b.sign_window = 'before'
    where n.sign_window = 'now'
)

select
    'cac' as sign,
    cac,
    cac_before,
    is_media_only,
    is_short_history,
    short_quarters,
    case
        when cac is null or cac_before is null or is_short_history then 'unknown'
        when cac > cac_before * ratio_beyond_chance then 'risen'
        when cac * ratio_beyond_chance < cac_before then 'fallen'
        else 'no change beyond noise'
    end as cac_trend
from beside
