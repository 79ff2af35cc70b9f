-- Rows that stand for no record, and rows whose reading removed or could not match something.
{% for entity in var('entities') %}
select source_name, source_file, source_row, source_entity, '{{ entity }}' as entity, exclusion as fault, 'excluded' as action
from {{ ref('int_' ~ entity ~ '_as_of') }}
where exclusion is not null
union all
select source_name, source_file, source_row, source_entity, '{{ entity }}' as entity, source_note as fault, 'kept' as action
from {{ ref('int_' ~ entity ~ '_as_of') }}
where exclusion is null and source_note is not null
{{ 'union all' if not loop.last }}
{% endfor %}
