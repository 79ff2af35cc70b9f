-- The dates by which each deal was expected to close while it was open, each beside the one that it bore before: neither a time
-- without a date nor one in which it was not open hides a move. One row per deal and open state with a date.
{% set in_order = 'partition by deal_id order by state_number' %}
with

borne as (
    select
        deal_id,
        state_number,
        state_at,
        week_start_on,
        source,
        owner_id,
        expected_close_on,
        due_fiscal_quarter,
        lag(expected_close_on) over ({{ in_order }}) as due_before_on,
        lag(due_fiscal_quarter) over ({{ in_order }}) as quarter_before,
        row_number() over ({{ in_order }}) as date_number
    from {{ ref('int_pipeline_standings') }}
    where standing = 'open' and expected_close_on is not null
),

compared as (
    select
        *,
        coalesce(expected_close_on <> due_before_on, false) as is_redated,
        coalesce(expected_close_on > due_before_on and due_fiscal_quarter <> quarter_before, false) as is_slip,
        coalesce(expected_close_on < due_before_on and due_fiscal_quarter <> quarter_before, false) as is_nearer
    from borne
)

select
    *,
    sum(case when is_slip then 1 else 0 end) over ({{ in_order }} rows between unbounded preceding and current row) as slips_so_far
from compared
