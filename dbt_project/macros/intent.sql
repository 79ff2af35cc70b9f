{# CTEs that end in counted: how often each lead had shown each agreed behaviour lately, at each instant; is_dated: also
   when. instants: a relation of lead_id, judged_at and the version that judges. #}
{% macro counted_behaviours(instants, is_dated=false) %}
behaviours as (
    select * from {{ source('agreement', 'intent_behaviours') }}
),

touches as (
    select * from {{ ref('int_lead_touches') }}
    where lead_id is not null and kind in (select kind from behaviours)
),

-- a page view alone never signals intent: the agreement may not name it
counted as (
    select
        i.lead_id, i.judged_at, i.version, b.kind, b.minimum_count, count(*) as touches
        {%- if is_dated %}, b.within_days, min(t.happened_at) as first_at, max(t.happened_at) as last_at{% endif %}
    from {{ instants }} as i
    inner join touches as t on i.lead_id = t.lead_id and t.happened_at <= i.judged_at
    inner join behaviours as b on i.version = b.version and t.kind = b.kind
    where {{ microseconds('i.judged_at') }} - {{ microseconds('t.happened_at') }}
        < cast(b.within_days as bigint) * 86400000000
    group by i.lead_id, i.judged_at, i.version, b.kind, b.minimum_count{{ ', b.within_days' if is_dated }}
)
{% endmacro %}

{# CTEs and the query of the instants at which a lead had shown an agreed behaviour, often enough and lately enough. #}
{% macro intent_at(instants) %}
{{ counted_behaviours(instants) }}

select distinct lead_id, judged_at, version
from counted
where touches >= minimum_count
{% endmacro %}
