-- Since when what a deal says of itself is followed: a field that its source logs, since the deal was created; else from the
-- first export that held the deal, or from its creation where exports had begun by then. One row per deal.
{% set fields = {'stages': 'stage', 'amounts': 'amount', 'due_dates': 'expected_close_on'} %}
with

deals as (
    select d.deal_id, d.created_at, k.ids_of, k.source_name
    from {{ ref('int_pipeline_deals') }} as d
    inner join {{ ref('int_known_deals') }} as k on d.deal_id = k.deal_id
),

logged as (
    select distinct s.ids_of, c.field
    from {{ ref('int_deal_changes') }} as c
    inner join {{ source('run', 'sources') }} as s on c.source_name = s.source_name
    where c.is_logged
),

seen as (
    select deal_id, source_name, min(loaded_at) as first_loaded_at
    from {{ ref('int_deal_versions') }}
    group by deal_id, source_name
),

exports as (
    select source_name, min(first_loaded_at) as began_at from seen group by source_name
),

dated as (
    select
        d.deal_id,
        d.ids_of,
        d.created_at,
        case when e.began_at <= d.created_at then d.created_at else s.first_loaded_at end as exported_from_at
    from deals as d
    left join seen as s on d.deal_id = s.deal_id and d.source_name = s.source_name
    left join exports as e on d.source_name = e.source_name
)

select
    d.deal_id
    {%- for what, field in fields.items() %},
    case when l_{{ what }}.ids_of is not null then d.created_at else d.exported_from_at end as {{ what }}_known_from_at
    {%- endfor %}
from dated as d
{%- for what, field in fields.items() %}
left join logged as l_{{ what }} on d.ids_of = l_{{ what }}.ids_of and l_{{ what }}.field = '{{ field }}'
{%- endfor %}
