-- How far off each way to forecast the running quarter was; of the newest week, for that is when it is known.
{% set figures = [('wape', 'ratio'), ('bias', 'ratio'), ('coverage_80', 'rate'), ('quarters', 'count')] %}
with

weeks as (
    select * from {{ ref('int_review_weeks') }} where is_newest
),

running as (
    select week_start_on, starts_on from {{ ref('int_review_quarters') }} where horizon_order = 0
),

scored as (
    select
        w.week_start_on,
        w.week_end_on,
        w.agreement_version,
        a.method,
        a.wape,
        a.bias,
        a.coverage_80,
        a.quarters,
        a.inside_origins,
        a.interval_origins,
        a.status,
        case when a.quarters > 0 then {{ months_later('-3 * a.quarters', 'r.starts_on') }} else w.week_start_on end as from_on,
        case when a.quarters > 0 then {{ days_later(-1, 'r.starts_on') }} else w.week_end_on end as until_on,
        case when a.quarters > 0 then 'fiscal_quarters' else 'week' end as period_kind,
        row_number() over (
            partition by w.week_start_on
            order by case when a.method = 'blend' then 0 else 1 end asc, a.wape asc nulls last, a.method asc
        ) as place
    from weeks as w
    inner join running as r on w.week_start_on = r.week_start_on
    cross join {{ ref('forecast_accuracy') }} as a
    where a.horizon = 'this quarter' and a.quarter_week = 'all'
)

{% for figure, unit in figures %}
select
    {{ review_figure(
        'record', '4 * place - 4 + ' ~ loop.index, "'" ~ figure ~ "'", 'from_on', 'until_on', "'" ~ unit ~ "'",
        period_kind='period_kind', dimension="'method'", dimension_value='method', value=figure,
        numerator='inside_origins' if figure == 'coverage_80' else 'null',
        denominator='interval_origins' if figure == 'coverage_80' else 'null', status='status') }}
from scored
{{ 'union all' if not loop.last }}
{% endfor %}
