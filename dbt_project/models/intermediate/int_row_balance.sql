-- Rows in = rows out + excluded + not yet there at AS_OF, per source and delivered entity.
{% for entity in var('entities') %}
select
    source_name,
    source_entity,
    '{{ entity }}' as entity,
    count(*) as rows_in,
    sum(case when exclusion is not null then 1 else 0 end) as rows_excluded,
    sum(case when exclusion is null and not exists_as_of then 1 else 0 end) as rows_after_as_of,
    sum(case when exclusion is null and exists_as_of then 1 else 0 end) as rows_out
from {{ ref('int_' ~ entity ~ '_as_of') }}
group by source_name, source_entity
{{ 'union all' if not loop.last }}
{% endfor %}
