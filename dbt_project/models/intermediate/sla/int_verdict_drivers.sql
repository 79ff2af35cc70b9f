-- Why a handover was called not qualified: each criterion that the definition misses in it, and the word of sales for it.
-- Where both sides call it so, both stand here: what they agree on, beside what they dispute.
with

pairs as (
    select * from {{ ref('int_verdict_pairs') }} where verdicts in ('definition_only', 'sales_only', 'neither')
),

missed as (
    {% for criterion in criteria() -%}
    select
        handover_id,
        '{{ criterion | replace('_', ' ') }}' as criterion,
        case when {{ criterion }}_fits is null then 'unknown: ' else 'not ' end || '{{ criterion | replace('_', ' ') }}' as driver
    from pairs
    where verdicts <> 'definition_only' and not coalesce({{ criterion }}_fits, false)
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

driven as (
    select
        handover_id,
        'definition fails, sales advances' as dispute,
        driver,
        criterion,
        count(*) over (partition by handover_id) = 1 as is_only_criterion
    from missed
    union all
    select
        p.handover_id,
        'definition passes, sales rejects' as dispute,
        coalesce(p.disposition, 'no reason known') as driver,
        w.criterion,
        cast(null as boolean) as is_only_criterion
    from pairs as p
    inner join {{ ref('int_handover_words') }} as w on p.handover_id = w.handover_id
    where p.verdicts <> 'sales_only'
)

select
    d.handover_id,
    p.handed_over_at,
    p.segment,
    d.dispute,
    p.verdicts = 'neither' as is_agreed,
    d.driver,
    d.criterion,
    d.is_only_criterion
from driven as d
inner join pairs as p on d.handover_id = p.handover_id
