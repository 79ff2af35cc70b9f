-- Cells that hold something which their column cannot be read as; the row is kept, the value is unknown.
{% for entity, spec in var('entities').items() %}
{% for column, type in spec['columns'].items() if can_fail(type) %}
select
    source_name, source_file, source_row, '{{ entity }}' as entity,
    '{{ column }}: cannot be read as {{ {"instant": "a date and time", "date": "a date", "money": "an amount",
        "number": "a number", "integer": "a whole number", "boolean": "yes or no"}[type] }}' as fault,
    'kept' as action
from {{ ref('int_' ~ entity ~ '_as_of') }}
where exclusion is null and {{ column }} is null and {{ column }}_text is not null
union all
{% endfor %}
{% endfor %}
select
    cast(null as {{ text_type() }}), cast(null as {{ text_type() }}), cast(null as integer),
    cast(null as {{ text_type() }}), cast(null as {{ text_type() }}), cast(null as {{ text_type() }})
where false
