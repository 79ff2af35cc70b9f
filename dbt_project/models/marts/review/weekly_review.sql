-- The weekly revenue review as rows, in the order of the meeting.
{% set sections = ['quarter', 'generated', 'advanced', 'gap', 'promises', 'sla', 'objections', 'metrics', 'record', 'health'] %}
{% for section in sections %}
select {{ review_columns() | join(', ') }} from {{ ref('int_review_' ~ section) }}
{{ 'union all' if not loop.last }}
{% endfor %}
