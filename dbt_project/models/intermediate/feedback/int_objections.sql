-- The objections that count: each once, also when the reason of a loss tells it again.
select * from {{ ref('int_told_objections') }} where repeats_objection_id is null
