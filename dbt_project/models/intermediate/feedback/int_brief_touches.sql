-- What was done in the agreed days before each handover by its person and by others of the account, and since by the person
-- where it is open. What one does after withdrawing consent is not told. One row per handover, doer and kind.
with

handovers as (
    select * from {{ ref('int_brief_handovers') }}
),

kinds as (
    select distinct raw_kind, touch_kind from {{ ref('int_touch_words') }} where touch_kind is not null
),

touches as {{ evaluated_first() }} (
    select t.happened_at, k.touch_kind as kind, t.lead_id, t.contact_id, t.email
    from {{ ref('core_touches') }} as t
    inner join kinds as k on t.kind = k.raw_kind
),

{{ named_touches('touches', 'named') }},

told as {{ evaluated_first() }} (
    select n.person_id, n.account_id, n.kind, n.happened_at
    from named as n
    left join {{ ref('int_withdrawals') }} as w
        on n.person_id = w.person_id and n.happened_at >= w.from_at and (w.until_at is null or n.happened_at < w.until_at)
    where n.person_id is not null and w.person_id is null
),

done as (
    select
        h.handover_id,
        case when t.happened_at <= h.handed_over_at then 'person' else 'since' end as doer,
        t.person_id,
        t.kind,
        t.happened_at
    from handovers as h
    inner join told as t on h.person_id = t.person_id
    where
        (t.happened_at > h.handed_over_at and h.is_open)
        or ({{ is_within_days('t.happened_at', 'h.handed_over_at', setting('lead_brief_days')) }})
    union all
    select h.handover_id, 'colleagues' as doer, t.person_id, t.kind, t.happened_at
    from handovers as h
    inner join told as t on h.account_id = t.account_id and h.person_id <> t.person_id
    where {{ is_within_days('t.happened_at', 'h.handed_over_at', setting('lead_brief_days')) }}
)

select
    handover_id,
    doer,
    kind,
    count(*) as touches,
    max(happened_at) as last_at
from done
group by handover_id, doer, kind
