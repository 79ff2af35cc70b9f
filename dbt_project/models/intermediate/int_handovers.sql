-- Handovers: the first entry of a lead, and the first after each recycling.
with

counted as (
    select e.lead_id, e.entered_at, count(r.recycled_at) as recycles_before
    from {{ ref('int_handover_entries') }} as e
    left join {{ ref('int_recycles') }} as r on e.lead_id = r.lead_id and r.recycled_at <= e.entered_at
    group by e.lead_id, e.entered_at
),

firsts as (
    select lead_id, recycles_before, min(entered_at) as handed_over_at
    from counted
    group by lead_id, recycles_before
),

numbered as (
    select
        lead_id,
        handed_over_at,
        row_number() over (partition by lead_id order by handed_over_at) as handover_number,
        row_number() over (partition by lead_id order by handed_over_at desc) as number_from_last
    from firsts
),

later_recycles as (
    select n.lead_id, n.handover_number, min(r.recycled_at) as recycled_at
    from numbered as n
    inner join {{ ref('int_recycles') }} as r on n.lead_id = r.lead_id and r.recycled_at > n.handed_over_at
    group by n.lead_id, n.handover_number
)

select
    n.lead_id || '#' || cast(n.handover_number as {{ text_type() }}) as handover_id,
    n.lead_id,
    n.handover_number,
    n.number_from_last = 1 as is_latest,
    n.handed_over_at,
    r.recycled_at
from numbered as n
left join later_recycles as r on n.lead_id = r.lead_id and n.handover_number = r.handover_number
