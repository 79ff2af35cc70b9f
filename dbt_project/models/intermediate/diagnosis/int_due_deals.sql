-- What was due in each complete fiscal quarter when it began and open then, and what became of it by AS_OF.
with

quarters as (
    select period_start_on, period_end_on
    from {{ ref('int_periods') }}
    where period_kind = 'fiscal_quarter' and not is_running and not is_ahead
),

-- how each deal stood just before a quarter began
states as (
    select
        q.period_start_on,
        q.period_end_on,
        s.deal_id,
        s.expected_close_on,
        row_number() over (partition by q.period_start_on, s.deal_id order by s.state_at desc) as recency
    from {{ ref('int_deal_states') }} as s
    inner join quarters as q on s.state_at < {{ day_start('q.period_start_on') }}
)

select
    s.period_start_on,
    s.deal_id,
    -- what was lost in the end was not slow: it is no conversion
    coalesce(d.status = 'won' and d.closed_on >= s.period_end_on, false) as is_late,
    -- a stage that nobody mapped is open
    coalesce(d.status, 'open') = 'open' as is_still_open
from states as s
inner join {{ ref('int_deal_facts') }} as d on s.deal_id = d.deal_id and d.is_in_scope
inner join {{ ref('int_deal_statuses') }} as t
    on
        s.deal_id = t.deal_id and t.status = 'open'
        and t.from_at < {{ day_start('s.period_start_on') }}
        and (t.until_at is null or t.until_at >= {{ day_start('s.period_start_on') }})
where s.recency = 1 and s.expected_close_on >= s.period_start_on and s.expected_close_on < s.period_end_on
