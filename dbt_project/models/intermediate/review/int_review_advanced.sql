-- What became in each week of the deals that were open at its start, by source and in all, and the week's waterfall.
{% set outcomes = ['advanced', 'open', 'moved_on', 'won', 'lost'] %}
{% set movements = ['opening', 'created', 'reopened', 'pulled_in', 'increased', 'reclassified', 'decreased', 'pushed_out', 'won',
                    'lost', 'scrubbed', 'closing'] %}
with

weeks as (
    select * from {{ ref('int_review_weeks') }}
),

statuses as (
    select
        week_start_on,
        source,
        {% for outcome in outcomes -%}
        {{ outcome }}_deals,
        {{ outcome }}_amount,
        {% endfor -%}
        history_status
    from {{ ref('pipeline_advanced_weekly') }}
),

with_all as (
    select * from statuses
    union all
    select
        week_start_on,
        '(all)' as source,
        {% for outcome in outcomes -%}
        sum({{ outcome }}_deals) as {{ outcome }}_deals,
        sum({{ outcome }}_amount) as {{ outcome }}_amount,
        {% endfor -%}
        case
            when min(history_status) = max(history_status) then min(history_status)
            else 'partly kept'
        end as history_status
    from statuses
    group by week_start_on
),

-- a week that opened with nothing has a line of all, too
told as (
    select w.week_start_on, coalesce(a.source, '(all)') as source
    from weeks as w
    left join with_all as a on w.week_start_on = a.week_start_on
),

joined as (
    select
        t.week_start_on,
        w.week_end_on,
        w.agreement_version,
        t.source,
        case when t.source = '(all)' then '(all)' else 'source' end as dimension,
        {% for outcome in outcomes -%}
        case when a.week_start_on is null then 0 else a.{{ outcome }}_deals end as {{ outcome }}_deals,
        case when a.week_start_on is null then 0 else a.{{ outcome }}_amount end as {{ outcome }}_amount,
        b.{{ outcome }}_amount as {{ outcome }}_before_amount,
        {% endfor -%}
        case when a.history_status is null or a.history_status = 'kept' then 'ok' else a.history_status end as status,
        case when t.source = '(all)' then 0 else row_number() over (
            partition by t.week_start_on order by case when t.source = '(all)' then 1 else 0 end asc, a.open_amount desc, t.source asc
        ) end as place
    from told as t
    inner join weeks as w on t.week_start_on = w.week_start_on
    left join with_all as a on t.week_start_on = a.week_start_on and t.source = a.source
    left join with_all as b on t.week_start_on = {{ days_later(7, 'b.week_start_on') }} and t.source = b.source
),

moved as (
    select
        w.week_start_on,
        w.week_end_on,
        w.agreement_version,
        {% for movement in movements -%}
        coalesce(sum(m.{{ movement }}_amount), 0) as {{ movement }}_amount,
        {% endfor -%}
        case
            when min(m.history_status) is null or max(m.history_status) = 'kept' and min(m.history_status) = 'kept' then 'ok'
            when min(m.history_status) = max(m.history_status) then min(m.history_status)
            else 'partly kept'
        end as status
    from weeks as w
    left join {{ ref('pipeline_waterfall_weekly') }} as m on w.week_start_on = m.week_start_on
    group by w.week_start_on, w.week_end_on, w.agreement_version
),

compared as (
    select
        m.*
        {%- for movement in movements %},
        b.{{ movement }}_amount as {{ movement }}_before_amount
        {%- endfor %}
    from moved as m
    left join moved as b on m.week_start_on = {{ days_later(7, 'b.week_start_on') }}
)

{% for outcome in outcomes %}
select
    {{ review_figure('advanced', '5 * place + ' ~ loop.index, "'" ~ outcome ~ "'", 'week_start_on', 'week_end_on', "'amount'",
                     period_kind="'week'", dimension='dimension', dimension_value='source', value_amount=outcome ~ '_amount',
                     numerator=outcome ~ '_deals', before_amount=outcome ~ '_before_amount', status='status') }}
from joined
union all
{% endfor %}
{% for movement in movements %}
select
    {{ review_figure('advanced', '1000 + ' ~ loop.index, "'waterfall_" ~ movement ~ "'", 'week_start_on', 'week_end_on',
                     "'amount'", period_kind="'week'", value_amount=movement ~ '_amount',
                     before_amount=movement ~ '_before_amount', status='status') }}
from compared
{{ 'union all' if not loop.last }}
{% endfor %}
