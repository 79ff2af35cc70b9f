-- Why a deal was lost, where the log or a call had told it before: of the same deal, or of its lead and no other deal, and of
-- the same kind. The last one told before is what is repeated.
with

losses as (
    select * from {{ ref('int_raised_objections') }} where found_in = 'lost_reason'
),

told as (
    select * from {{ ref('int_raised_objections') }} where found_in <> 'lost_reason'
),

pairs as (
    select l.objection_id, t.objection_id as repeats_objection_id, t.raised_at
    from losses as l
    inner join told as t
        on l.deal_id = t.deal_id and l.kind = t.kind and l.is_unmapped = t.is_unmapped and l.raised_at > t.raised_at
    union all
    select l.objection_id, t.objection_id as repeats_objection_id, t.raised_at
    from losses as l
    inner join told as t
        on l.lead_id = t.lead_id and l.kind = t.kind and l.is_unmapped = t.is_unmapped and l.raised_at > t.raised_at
    where not t.has_deal
),

numbered as (
    select
        objection_id,
        repeats_objection_id,
        row_number() over (partition by objection_id order by raised_at desc, repeats_objection_id asc) as choice
    from pairs
)

select objection_id, repeats_objection_id from numbered where choice = 1
