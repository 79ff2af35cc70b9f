-- When each deal last entered a closed stage, and how often it left one again, as its history tells.
with

moves as (
    select
        v.deal_id,
        v.from_at as moved_at,
        s.status,
        lag(s.status) over (partition by v.deal_id order by v.from_at nulls first) as status_before
    from {{ ref('int_deal_values') }} as v
    left join {{ source('agreement', 'stages') }} as s
        on s.entity = 'deal' and {{ words('v.value') }} = s.source_word
    where v.field = 'stage' and (v.from_at is null or v.from_at <= {{ as_of() }})
)

select
    deal_id,
    max(case when status in ('won', 'lost') and coalesce(status_before, 'open') <> status then moved_at end) as closed_at,
    sum(case when status = 'open' and status_before in ('won', 'lost') then 1 else 0 end) as times_reopened
from moves
group by deal_id
