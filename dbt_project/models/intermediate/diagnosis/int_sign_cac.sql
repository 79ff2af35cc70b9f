-- What a new customer costs in campaigns, before and now as if money had only been worth more or less in each channel:
-- without its moves between channels that win customers, and without the customers that cost nothing.
with

costs as (
    select distinct
        {{ ratio('campaign_cost_before', 'total_customers_before') }} as cost_before,
        paid_customers_now,
        paid_customers_before
    from {{ ref('int_cac_channels') }}
),

parts as (
    select
        cast(sum(change) as double) as change,
        sqrt(cast(sum(variance_now) as double)) as error_now,
        sqrt(cast(sum(variance_before) as double)) as error_before
    from {{ ref('int_cac_parts') }}
    where part in ('price', 'spend without customers')
),

figures as (
    select
        'now' as sign_window, c.cost_before + p.change as figure, p.error_now as figure_error, c.paid_customers_now as cases
    from costs as c
    cross join parts as p
    union all
    select
        'before' as sign_window, c.cost_before as figure, p.error_before as figure_error, c.paid_customers_before as cases
    from costs as c
    cross join parts as p
)

select
    'cac' as sign,
    sign_window,
    figure,
    greatest(figure - {{ z_of_95() }} * figure_error, 0) as figure_low,
    figure + {{ z_of_95() }} * figure_error as figure_high,
    cases,
    cast(null as double) as kappa
from figures
where figure_error is not null
