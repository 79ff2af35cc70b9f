-- Each draft that can judge, beside the version in force at AS_OF; none without a draft.
{{ config(materialized='view') }}
select d.version as draft_version, v.version as against_version
from {{ source('agreement', 'drafts') }} as d
inner join {{ ref('int_versions') }} as v
    on v.in_force_at <= {{ as_of() }} and (v.in_force_until_at is null or v.in_force_until_at > {{ as_of() }})
