-- Every change of a deal's tracked field: the source's own history of that field where it delivers one, else what successive
-- versions in the lake show. Changes after AS_OF stay in: their old value held until then.
{# field: the column as it is written, and as it is compared #}
{% set fields = {
    'stage': ('stage', 'stage'), 'amount': ('amount_text', 'amount'), 'currency': ('currency', 'currency'),
    'expected_close_on': ('expected_close_on_text', 'expected_close_on'), 'owner': ('owner_id', 'owner_id'),
    'forecast_category': ('forecast_category', 'forecast_category'),
} %}
{% set in_order = 'partition by v.source_name, v.source_key order by v.holds_from_at, v.version_number' %}
with

{{ dated_versions('deal_changes') }},

-- a deal that was deleted took its changes with it; they still tell what it had been
removed as (
    select
        c.deal_id, c.field, c.changed_at, c.source_row, c.source_name, c.ids_of, c.old, c.new,
        row_number() over (
            partition by c.source_name, c.source_key, c.occurrence order by c.version_number desc, t.version_number asc
        ) as recency
    from dated as c
    inner join {{ ref('int_known_deals') }} as d on c.deal_id = d.deal_id and d.scrubbed_at is not null
    inner join dated as t
        on
            c.source_name = t.source_name and c.source_key = t.source_key and c.occurrence = t.occurrence
            and c.version_number < t.version_number and t.is_deleted
            and t.holds_from_at >= d.scrubbed_at and t.holds_from_at <= {{ as_of() }}
    left join {{ ref('int_deal_changes_as_of') }} as a
        on c.source_name = a.source_name and c.source_key = a.source_key and c.occurrence = a.occurrence
    where not c.is_deleted and c.source_fault is null and c.changed_at is not null and a.source_key is null
),

removed_once as (
    select * from removed where recency = 1
),

delivered as (
    {{ delivered_changes('deal_changes', 'deal_id') }}
    union all
    {{ delivered_changes('deal_changes', 'deal_id', 'removed_once') }}
),

told_fields as (
    select distinct ids_of, lower(trim(field)) as field from {{ ref('int_deal_changes_as_of') }} where exclusion is null
    union
    select ids_of, lower(trim(field)) as field from removed_once
),

-- of the source whose record stands for the deal: what another one had said before is no history of it
counted as (
    select v.*, count(*) over (partition by v.source_name, v.source_key) as versions
    from {{ ref('int_deal_versions') }} as v
    inner join {{ ref('int_known_deals') }} as k on v.deal_id = k.deal_id and v.source_name = k.source_name
),

successive as (
    select c.*, s.status in ('won', 'lost') as is_closed
    from counted as c
    left join {{ source('agreement', 'stages') }} as s on s.entity = 'deal' and {{ words('c.stage') }} = s.source_word
    where c.versions > 1
),

{% for field, (written, compared) in fields.items() %}
{{ field }}_versions as (
    select
        v.*,
        v.{{ written }} as new_value,
        lag(v.{{ written }}) over ({{ in_order }}) as old_value,
        lag(v.{{ compared }}) over ({{ in_order }}) as before_it,
        lag(v.holds_from_at) over ({{ in_order }}) as held_before_at,
        lead(v.holds_from_at) over ({{ in_order }}) as held_until_at,
        row_number() over ({{ in_order }}) as version_order
    from successive as v
    left join told_fields as t on v.ids_of = t.ids_of and t.field = '{{ field }}'
    where t.field is null
),

{% endfor %}
ever_moved as (
    select source_name, source_key from stage_versions group by source_name, source_key having min(stage) <> max(stage)
),

derived as (
    {% for field, (written, compared) in fields.items() %}
    select
        deal_id, '{{ field }}' as field,
        {% if field == 'stage' -%}
        -- a closing is dated by the record where that is news of this version
        case when is_closed and closed_at > held_before_at and closed_at <= holds_from_at then closed_at else holds_from_at end
        {%- else -%} holds_from_at
        {%- endif %} as changed_at,
        version_number as change_order, source_name, old_value, new_value
    from {{ field }}_versions
    where version_order > 1 and {{ compared }} is distinct from before_it
    union all
    {% endfor %}
    -- a deal that was closed when the lake first saw it, and opened again, had been open before, in a stage that nobody knows
    select v.deal_id, 'stage', v.closed_at, 0, v.source_name, null, v.new_value
    from stage_versions as v
    inner join ever_moved as m on v.source_name = m.source_name and v.source_key = m.source_key
    where v.version_order = 1 and v.is_closed and v.closed_at > v.created_at and v.closed_at <= v.holds_from_at
    union all
    -- its category was first told when it had closed, and is no word about the time before
    select
        deal_id, 'forecast_category', least(greatest(holds_from_at, coalesce(closed_at, holds_from_at)), held_until_at),
        0, source_name, null, new_value
    from forecast_category_versions
    where version_order = 1 and is_closed and new_value is not null
)

select *, true as is_logged from delivered
union all
select *, false as is_logged from derived
