-- The review's first section: the quarter that runs and the next, what is expected of them beside the target, and the one before.
{% set figures = ['forecast', 'target', 'commit', 'best_naive', 'closed', 'open_pipeline'] %}
with

quarters as (
    select * from {{ ref('int_review_quarters') }}
),

naive as (
    select horizon, max(best_naive_method) as best_naive
    from {{ ref('forecast_accuracy') }}
    where quarter_week = 'all'
    group by horizon
),

forecasts as (
    select
        f.origin,
        f.as_of_at,
        f.fiscal_quarter,
        f.horizon,
        max(n.best_naive) as best_naive,
        max(f.closed_amount) as closed_amount,
        {% for column in ['expected_amount', 'low_amount', 'high_amount', 'interval_status', 'status'] -%}
        max(case when f.method = 'blend' then f.{{ column }} end) as blend_{{ column }},
        {% endfor -%}
        max(case when f.method = 'sales_commit' then f.expected_amount end) as commit_amount,
        max(case when f.method = 'sales_commit' then f.status end) as commit_status,
        max(case when f.method = n.best_naive then f.expected_amount end) as best_naive_amount
    from {{ ref('revenue_forecast') }} as f
    left join naive as n on f.horizon = n.horizon
    where f.segment = 'all'
    group by f.origin, f.as_of_at, f.fiscal_quarter, f.horizon
),

-- what was open at the week's end and is due in the quarter
due as (
    select week_start_on, due_fiscal_quarter, sum(closing_amount) as due_amount
    from {{ ref('pipeline_waterfall_weekly') }}
    group by week_start_on, due_fiscal_quarter
),

joined as (
    select
        q.*,
        f.best_naive,
        f.blend_low_amount as low_amount,
        f.blend_high_amount as high_amount,
        f.blend_expected_amount as forecast_amount,
        t.target_amount,
        f.commit_amount,
        f.best_naive_amount,
        f.closed_amount,
        coalesce(d.due_amount, 0) as open_pipeline_amount,
        case when f.blend_interval_status <> 'ok' then 'no range: ' || f.blend_interval_status end as no_range,
        case
            when f.blend_expected_amount is not null then f.origin
            else 'unavailable: ' || coalesce(f.blend_status, 'no forecast')
        end as forecast_status,
        case when t.target_amount is null then 'unavailable: no target' else 'ok' end as target_status,
        coalesce(f.commit_status, 'unavailable: no forecast') as commit_status,
        case when f.best_naive_amount is null then 'unavailable: no forecast' else 'ok' end as best_naive_status,
        case when f.closed_amount is null then 'unavailable: no forecast' else 'ok' end as closed_status,
        'ok' as open_pipeline_status
    from quarters as q
    left join forecasts as f
        on
            q.origin = f.origin and q.as_of_at = f.as_of_at and q.fiscal_quarter = f.fiscal_quarter
            and q.horizon = f.horizon
    left join {{ ref('int_revenue_targets') }} as t on q.starts_on = t.starts_on
    left join due as d on q.week_start_on = d.week_start_on and q.fiscal_quarter = d.due_fiscal_quarter
),

compared as (
    select
        j.*
        {%- for figure in figures %},
        b.{{ figure }}_amount as {{ figure }}_before_amount
        {%- endfor %}
    from joined as j
    left join joined as b
        on j.week_start_on = {{ days_later(7, 'b.week_start_on') }} and j.fiscal_quarter = b.fiscal_quarter
),

-- the quarter that is over, with today's revenue
over as (
    select
        q.week_start_on,
        q.agreement_version,
        {{ fiscal_quarter_name(days_later(-1, 'q.starts_on')) }} as fiscal_quarter,
        {{ months_later(-3, 'q.starts_on') }} as starts_on,
        {{ days_later(-1, 'q.starts_on') }} as ends_on
    from quarters as q
    where q.horizon_order = 0
)

{% for figure in figures %}
select
    {{ review_figure(
        'quarter', '10 * horizon_order + ' ~ loop.index, "'" ~ figure ~ "'",
        'starts_on' if figure != 'open_pipeline' else days_later(6, 'week_start_on'),
        'ends_on' if figure != 'open_pipeline' else days_later(6, 'week_start_on'), "'amount'",
        period_kind="'fiscal_quarter'" if figure != 'open_pipeline' else "'instant'",
        dimension="'fiscal_quarter'", dimension_value='fiscal_quarter',
        value_amount=figure ~ '_amount', before_amount=figure ~ '_before_amount',
        low_amount='low_amount' if figure == 'forecast' else 'null',
        high_amount='high_amount' if figure == 'forecast' else 'null',
        target_amount='target_amount' if figure in ('forecast', 'closed') else 'null',
        words={'forecast': 'no_range', 'best_naive': 'best_naive'}.get(figure, 'null'),
        status=figure ~ '_status') }}
from compared
union all
{% endfor %}
select
    {{ review_figure(
        'quarter', '10 * horizon_order + 7', "'horizon'", 'made_on', 'made_on', "'text'", period_kind="'instant'",
        dimension="'fiscal_quarter'", dimension_value='fiscal_quarter', words="replace(horizon, ' ', '_')",
        status="coalesce(origin, 'unavailable: no forecast')") }}
from quarters
union all
select
    {{ review_figure(
        'quarter', '21', "'previous_quarter'", 'o.starts_on', 'o.ends_on', "'amount'", period_kind="'fiscal_quarter'",
        dimension="'fiscal_quarter'", dimension_value='o.fiscal_quarter', week_start_on='o.week_start_on',
        agreement_version='o.agreement_version', value_amount=amount_of('m.value'), target_amount='t.target_amount',
        status="case when m.value is null then 'unavailable: no revenue' else 'ok' end") }}
from over as o
left join {{ ref('shared_metrics') }} as m
    on
        m.metric = 'revenue' and m.period_kind = 'fiscal_quarter' and m.dimension = 'total'
        and o.starts_on = m.period_start_on
left join {{ ref('int_revenue_targets') }} as t on o.starts_on = t.starts_on
