-- The first contact and the first conversation of each handover that had a contact.
with

contacts as (
    select
        h.handover_id,
        c.happened_at,
        c.is_attempt,
        -- without a version nobody has said how long a conversation is
        coalesce(c.is_spoken and c.duration_seconds >= h.conversation_min_seconds, false) as is_conversation
    from {{ ref('int_handover_spans') }} as h
    inner join {{ ref('int_contacts') }} as c
        on
            h.person_id = c.person_id
            and c.happened_at >= h.started_at
            and (h.recycled_at is null or c.happened_at < h.recycled_at)
)

select
    handover_id,
    min(happened_at) as first_contact_at,
    min(case when is_conversation then happened_at end) as first_conversation_at
from contacts
where is_attempt or is_conversation
group by handover_id
