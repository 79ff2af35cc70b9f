-- From when each source's pipeline and its forecast categories are known as they were: a log begins with its first line,
-- versions begin with the first load. What is learnt from begins with the first of them; a source that is told only later,
-- and had deals long before, is not followed: its deals count when they close.
{# a source whose history begins within its first quarter is told from its start #}
{% set days_of_a_start = 91 %}
with

sources as (
    select ids_of, min(loaded_at) as first_loaded_at, min(created_at) as first_created_at
    from {{ ref('int_deal_versions') }}
    group by ids_of
),

logs as (
    select
        ids_of,
        min(changed_at) as first_changed_at,
        min(case when lower(trim(field)) = 'forecast_category' then changed_at end) as first_categorised_at
    from {{ ref('core_deal_changes') }}
    group by ids_of
),

told as (
    select
        s.ids_of,
        s.first_created_at,
        coalesce(l.first_changed_at, s.first_loaded_at) as known_from_at,
        coalesce(l.first_categorised_at, s.first_loaded_at) as categories_from_at
    from sources as s
    left join logs as l on s.ids_of = l.ids_of
)

select
    ids_of,
    known_from_at,
    categories_from_at,
    known_from_at = min(known_from_at) over () or {{ is_within_days('first_created_at', 'known_from_at', days_of_a_start) }}
    or known_from_at < first_created_at as is_followed
from told
