-- What moved the pipeline: each state of a deal beside the one before it, the movements of one instant in the order in which
-- they count. What a deal brings to a cell of source and due quarter is its amount while it is open, and the movements are
-- signed by that.
{% set in_order = 'partition by deal_id order by state_number' %}
{# movement: its place within an instant, when, in whose cell, by how much #}
{% set movements = [
    ("'reopened'", 1, 'is_back', 'source_before', 'quarter_before', 'amount_before'),
    ("'created'", 2, 'is_first_amount', 'source', 'due_fiscal_quarter', 'deal_amount'),
    ("'reclassified'", 3, 'is_reclassified', 'source_before', 'quarter_before', '-amount_before'),
    ("'reclassified'", 4, 'is_reclassified', 'source', 'quarter_before', 'deal_amount'),
    ("case when change_amount > 0 then 'increased' else 'decreased' end", 5, 'change_amount <> 0',
     'source_before', 'quarter_before', 'change_amount'),
    ("case when deal_amount > 0 then 'increased' else 'decreased' end", 5, 'is_amount_back and deal_amount <> 0',
     'source', 'due_fiscal_quarter', 'deal_amount'),
    ("'pushed_out'", 6, 'is_redated', 'source', 'quarter_before', '-deal_amount'),
    ("'pulled_in'", 7, 'is_redated', 'source', 'due_fiscal_quarter', 'deal_amount'),
    ('status', 8, 'is_out', 'source', 'due_fiscal_quarter', '-deal_amount'),
] %}
with

paired as (
    select
        *,
        coalesce(lag(status) over ({{ in_order }}), 'open') as status_before,
        lag(deal_amount) over ({{ in_order }}) as amount_before,
        lag(due_fiscal_quarter) over ({{ in_order }}) as quarter_before,
        lag(source) over ({{ in_order }}) as source_before,
        lag(currency) over ({{ in_order }}) as currency_before,
        coalesce(sum(case when deal_amount is not null then 1 else 0 end) over (
            {{ in_order }} rows between unbounded preceding and 1 preceding
        ), 0) as amounts_before
    from {{ ref('int_pipeline_states') }}
),

-- a deal that goes from one closing to another was opened again between the two; one that is deleted after it closed was not
moving as (
    select
        *,
        status_before = 'open' or (status <> status_before and status <> 'scrubbed') as is_moving,
        deal_amount is not null and amounts_before = 0 as is_first_amount
    from paired
),

compared as (
    select
        *,
        is_moving and status_before <> 'open' and amount_before is not null as is_back,
        is_moving and amount_before is not null and deal_amount is not null as is_both,
        is_moving and amount_before is null and deal_amount is not null and not is_first_amount as is_amount_back,
        is_moving and amount_before is not null and (
            deal_amount is null or (source = source_before and currency is not distinct from currency_before)
        ) as is_same_kind,
        status <> 'open' and deal_amount is not null and (is_moving or is_first_amount) as is_out
    from moving
),

steps as (
    select
        *,
        is_both and not is_same_kind as is_reclassified,
        is_both and due_fiscal_quarter <> quarter_before as is_redated,
        case when is_same_kind then coalesce(deal_amount, 0) - amount_before else 0 end as change_amount
    from compared
),

moved as (
    {% for movement, place, condition, source, quarter, amount in movements %}
    select
        deal_id, state_at, {{ place }} as place, {{ movement }} as movement, {{ source }} as source,
        {{ quarter }} as due_fiscal_quarter, cast({{ amount }} as decimal(18, 2)) as movement_amount
    from steps
    where {{ condition }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- what happens at AS_OF's own instant is of the last day, also where that ends at AS_OF
dated as (
    select *, least({{ local_day('state_at') }}, {{ last_day() }}) as moved_on from moved
)

select
    m.deal_id || '#' || cast({{ microseconds('m.state_at') }} as {{ text_type() }}) || '.' || cast(m.place as {{ text_type() }})
        as movement_id,
    m.deal_id,
    d.record_url,
    m.state_at as moved_at,
    {{ period_start('week', 'm.moved_on') }} as week_start_on,
    m.source,
    m.due_fiscal_quarter,
    m.movement,
    m.movement_amount,
    d.has_history
from dated as m
inner join {{ ref('int_pipeline_deals') }} as d on m.deal_id = d.deal_id
