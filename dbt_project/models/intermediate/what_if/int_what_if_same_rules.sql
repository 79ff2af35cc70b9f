-- Whether a draft and the version in force have the same rule for a criterion. One row per draft and criterion.
with

rules as (
    {{ rules_told() }}
),

one_sided as (
    select k.draft_version, r.criterion, r.told
    from {{ ref('int_what_if_versions') }} as k
    inner join rules as r on k.draft_version = r.version or k.against_version = r.version
    group by k.draft_version, r.criterion, r.told
    having count(distinct r.version) = 1
),

asked as (
    {%- for criterion in criteria() %}
    select draft_version, '{{ criterion | replace('_', ' ') }}' as criterion
    from {{ ref('int_what_if_versions') }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select a.draft_version, a.criterion, count(o.told) = 0 as is_same_rule
from asked as a
left join one_sided as o on a.draft_version = o.draft_version and a.criterion = o.criterion
group by a.draft_version, a.criterion
