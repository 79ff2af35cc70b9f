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

-- customers come by chance: the relative error of a cost per customer is that of their number
cac as (
    select
        sign_window,
        {{ ratio('sum(cost_amount)', 'sum(customers)') }} as cac,
        {{ z_of_95() }} / nullif(sqrt(cast(sum(customers) as double)), 0) as relative_error,
        sum(is_media_only) > 0 as is_media_only,
        -- customers of before the data are called new: they would seem to have come cheap
        2 * sum(is_short_history) > sum(is_quarter) as is_short_history,
        sum(is_short_history) as short_quarters
    from quarters
    group by sign_window
)

select
    'cac' as sign,
    n.cac,
    b.cac as cac_before,
    n.is_media_only,
    b.is_short_history,
    b.short_quarters,
    case
        when n.cac is null or b.cac is null or b.is_short_history then 'unknown'
        when n.cac * exp(-n.relative_error) > b.cac * exp(b.relative_error) then 'risen'
        when n.cac * exp(n.relative_error) < b.cac * exp(-b.relative_error) then 'fallen'
        else 'no change beyond noise'
    end as cac_trend
from cac as n
left join cac as b on b.sign_window = 'before'
where n.sign_window = 'now'
