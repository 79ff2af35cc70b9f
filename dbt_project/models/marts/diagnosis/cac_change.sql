-- Why CAC is not what it was: the parts of its change over a year sum to it to the paisa.
with

parts as (
    select * from {{ ref('int_cac_parts') }}
),

costs as (
    select distinct
        {% for sign_window in ['now', 'before'] -%}
        {{ rounded(ratio('total_cost_' ~ sign_window, 'total_customers_' ~ sign_window), 2) }} as cac_{{ sign_window }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_cac_channels') }}
),

-- what rounding leaves over goes to the largest part
rounded as (
    select
        *,
        cast(round(change * 100) as bigint) as paisa,
        row_number() over (order by abs(change) desc, part_order asc, channel asc) as size_rank
    from parts
),

summed as (
    select
        r.*,
        c.cac_now,
        c.cac_before,
        {{ to_paisa('(c.cac_now - c.cac_before)') }} - sum(r.paisa) over () as left_over
    from rounded as r
    cross join costs as c
)

select
    w.from_on,
    w.until_on,
    s.part,
    s.channel,
    cast(s.cost_before as decimal(18, 2)) as cost_before_amount,
    cast(s.cost_now as decimal(18, 2)) as cost_amount,
    s.customers_before,
    s.customers_now as customers,
    {{ from_paisa('(s.paisa + case when s.size_rank = 1 then s.left_over else 0 end)') }} as change_amount,
    s.cac_before as cac_before_amount,
    s.cac_now as cac_amount
from summed as s
inner join {{ ref('int_sign_windows') }} as w on w.sign_window = 'now'
