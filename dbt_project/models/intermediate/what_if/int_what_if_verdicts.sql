-- The verdict on each lead record at each of its instants by the version in force today and by each draft, as if each had
-- been in force all the time. Empty without a draft.
with

considered as (
    select draft_version as version from {{ ref('int_what_if_versions') }}
    union
    select against_version as version from {{ ref('int_what_if_versions') }}
),

judged_instants as (
    select i.first_lead_id, i.lead_id, i.judged_at, c.version
    from {{ ref('int_what_if_instants') }} as i
    cross join considered as c
),

known as (
    {{ attributes_at(ref('int_what_if_instants')) }}
),

attributes as (
    select k.*, c.version
    from known as k
    cross join considered as c
),

shown_intent as (
    with

    {{ intent_at('judged_instants') }}
),

verdicts as (
    with

    {{ judged_by('attributes', 'shown_intent') }}
)

select i.first_lead_id, i.is_still_lead, v.*
from verdicts as v
inner join {{ ref('int_what_if_instants') }} as i on v.lead_id = i.lead_id and v.judged_at = i.judged_at
