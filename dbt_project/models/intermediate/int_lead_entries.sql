-- Each person's first dated entry into each stage of the funnel.
{% set stages = [('lead', 'created_at'), ('mql', 'mql_at'), ('handed_over', 'first_handed_over_at'), ('sal', 'accepted_at'),
                 ('sql', 'sql_at'), ('opportunity', 'opportunity_at'), ('won', 'won_at'), ('lost', 'lost_at')] %}
{% for stage, column in stages %}
select lead_id, channel, '{{ stage }}' as stage, {{ column }} as entered_at
from {{ ref('int_persons') }}
where {{ column }} is not null
{{ 'union all' if not loop.last }}
{% endfor %}
