-- What each deal was, from each instant at which anything that the pipeline tells of it changed. The first state begins with
-- the deal, the last one holds at AS_OF.
{% set told = ['status', 'stage', 'stage_order', 'source', 'deal_amount', 'currency', 'expected_close_on', 'forecast_category',
               'owner_id'] %}
{% set in_order = 'partition by deal_id order by state_at' %}
with

deals as (
    select * from {{ ref('int_pipeline_deals') }}
),

stages as (
    select * from {{ source('agreement', 'stages') }} where entity = 'deal'
),

-- what a deal has a history of
histories as (
    select
        deal_id,
        max(case when field = 'stage' then 1 else 0 end) = 1 as has_stages,
        max(case when field = 'forecast_category' then 1 else 0 end) = 1 as has_categories
    from {{ ref('int_deal_values') }}
    where field in ('stage', 'forecast_category') and (from_at is null or from_at <= {{ as_of() }})
    group by deal_id
),

staged as (
    select
        s.*,
        case when d.reclassified_at > s.state_at then d.source_before else d.source end as source,
        coalesce(d.scrubbed_at <= s.state_at, false) as is_gone,
        coalesce(h.has_categories, false) as has_categories,
        d.is_open_in_record,
        g.stage as our_stage,
        g.stage_order,
        coalesce(g.status, 'open') as stage_status,
        -- without a history of its stages a deal was open until it closed, in a stage that nobody knows
        coalesce(not coalesce(h.has_stages, false) and g.status in ('won', 'lost') and d.closed_at > s.state_at, false)
            as is_before_closing,
        {{ local_day('s.amount_set_at') }} as amount_set_on
    from {{ ref('int_deal_states') }} as s
    inner join deals as d on s.deal_id = d.deal_id and s.state_at >= d.created_at
    left join stages as g on {{ words('s.stage') }} = g.source_word
    left join histories as h on s.deal_id = h.deal_id
),

-- a category without a history is the record's: what it says of a deal that has closed, by AS_OF or after it, is no word
-- about the time it was open
categorised as (
    select s.*, case when s.has_categories or s.is_open_in_record then g.category end as category
    from staged as s
    left join {{ source('agreement', 'forecast_categories') }} as g on {{ words('s.forecast_category') }} = g.source_word
),

told as (
    select
        c.deal_id,
        c.state_at,
        case
            when c.is_gone then 'scrubbed'
            when c.stage_status <> 'open' and not c.is_before_closing then c.stage_status
            when c.category = 'omitted' then 'scrubbed'
            else 'open'
        end as status,
        case when not c.is_before_closing then c.our_stage end as stage,
        case when not c.is_before_closing then c.stage_order end as stage_order,
        c.source,
        {{ in_reporting_currency('c.amount', 'c.currency', 'r.rate') }} as deal_amount,
        c.currency,
        c.expected_close_on,
        c.category as forecast_category,
        c.owner_id,
        c.has_categories
    from categorised as c
    left join {{ ref('int_fx_rates') }} as r
        on c.currency = r.currency and c.amount_set_on >= r.from_on and c.amount_set_on < r.until_on
),

stepped as (
    select
        *,
        row_number() over ({{ in_order }}) as step_number
        {%- for column in told %},
        lag({{ column }}) over ({{ in_order }}) as {{ column }}_before
        {%- endfor %}
    from told
),

news as (
    select *
    from stepped
    where
        step_number = 1
        {%- for column in told %} or {{ column }} is distinct from {{ column }}_before{% endfor %}
),

quarters as (
    select expected_close_on as due_on, {{ fiscal_quarter_name('expected_close_on') }} as due_fiscal_quarter
    from (select distinct expected_close_on from told where expected_close_on is not null) as days
)

select
    c.deal_id,
    row_number() over ({{ in_order }}) as state_number,
    c.state_at,
    lead(c.state_at) over ({{ in_order }}) as until_at,
    {% for column in told -%}
    c.{{ column }},
    {% endfor -%}
    c.has_categories as has_category_history,
    coalesce(q.due_fiscal_quarter, 'none') as due_fiscal_quarter
from news as c
left join quarters as q on c.expected_close_on = q.due_on
