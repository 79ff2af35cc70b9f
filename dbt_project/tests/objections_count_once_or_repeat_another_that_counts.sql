-- Objections told = objections that count + those listed as repeats, and what is repeated counts itself, was told before and is
-- of the same category.
with

told as (
    select * from {{ ref('objections') }}
),

sums as (
    select
        (select count(*) from {{ ref('int_raised_objections') }}) as raised,
        (select count(*) from told) as told,
        (select count(*) from told where repeats_objection_id is not null) as repeats,
        (select coalesce(sum(week_objections), 0) from {{ ref('objections_weekly') }} where coalesce(rank, 1) = 1) as counted
)

select 'sums' as what from sums where raised <> told or told <> counted + repeats
union all
select t.objection_id
from told as t
left join told as o on t.repeats_objection_id = o.objection_id
where
    t.repeats_objection_id is not null
    and (
        o.objection_id is null or o.repeats_objection_id is not null or o.raised_at >= t.raised_at or o.category <> t.category
        or t.found_in <> 'lost_reason' or o.found_in = 'lost_reason' or t.is_first_of_its_kind
    )
