{# The shapes that every entity goes through: staged per kind, united, one version as of AS_OF, core. #}

{% macro version_columns() %}
    {{ return(['source_name', 'ids_of', 'source_entity', 'source_key', 'occurrence', 'version_number', 'is_deleted',
               'loaded_at', 'source_file', 'source_row', 'source_fault', 'source_note', 'record_url_template']) }}
{% endmacro %}

{# Every version of an entity's records, typed. mapping: our column -> expression over the lake's columns;
   a custom field of sources.yml (our__<column>) goes before it; what neither names is null. #}
{% macro stage(kind, entity, mapping, rows='lake_rows', lake_entity=none, note='_noted') %}
    {#- a currency column belongs to the amount that stands before it -#}
    {%- set amounts = [] %}
    select
        _source as source_name,
        _ids_of as ids_of,
        '{{ lake_entity or entity }}' as source_entity,
        _key as source_key,
        cast(_occurrence as integer) as occurrence,
        cast(_version as integer) as version_number,
        _deleted = 'true' as is_deleted,
        cast(_loaded_at as {{ instant_type() }}) as loaded_at,
        _file as source_file,
        cast(_row as integer) as source_row,
        _fault as source_fault,
        {{ note }} as source_note,
        _record_url as record_url_template
        {%- for column, type in var('entities')[entity]['columns'].items() %}
        {%- if kind in ('csv_folder', 'own') %}{% set text = quoted(column) %}
        {%- elif column in mapping %}{% set text = 'coalesce(our__' ~ column ~ ', ' ~ mapping[column] ~ ')' %}
        {%- else %}{% set text = 'our__' ~ column %}
        {%- endif %}
        {%- if type == 'money' %}{% do amounts.append(text) %}{% endif %},
        {% if type == 'currency' -%}
        upper(coalesce({{ text }}, {{ currency_sign(amounts[-1]) }}, _currency)) as {{ column }}
        {%- else -%}
        {{ as_type(type, text) }} as {{ column }}
        {%- endif %}
        {%- if can_fail(type) %},
        {{ text }} as {{ column }}_text
        {%- endif %}
        {%- endfor %}
    from {{ rows }}
{% endmacro %}

{% macro staged_kinds(entity) %}
    {%- set kinds = [] -%}
    {#- what onefunnel itself recorded is there whatever the sources are -#}
    {%- for kind in env_var('ONEFUNNEL_KINDS', 'csv_folder,zoho_crm').split(',') + ['own'] if entity in var('staged')[kind] -%}
        {%- do kinds.append(kind) -%}
    {%- endfor -%}
    {{ return(kinds) }}
{% endmacro %}

{% macro entity_columns(entity) %}
    {%- set columns = [] -%}
    {%- for column, type in var('entities')[entity]['columns'].items() -%}
        {%- do columns.append(column) -%}
        {%- if can_fail(type) -%}{%- do columns.append(column ~ '_text') -%}{%- endif -%}
    {%- endfor -%}
    {{ return(columns) }}
{% endmacro %}

{# All versions of all sources, with the instant from which each version holds. #}
{% macro all_versions(entity) %}
    {%- set columns = version_columns() + entity_columns(entity) -%}
    {%- for kind in staged_kinds(entity) %}
    select {{ columns | join(', ') }} from {{ ref('stg_' ~ kind ~ '__' ~ entity) }}
    {{ 'union all' if not loop.last }}
    {%- else %}
    select
        cast(null as integer) as occurrence, cast(null as integer) as version_number,
        cast(null as boolean) as is_deleted, cast(null as {{ instant_type() }}) as loaded_at,
        cast(null as integer) as source_row
        {%- for column in version_columns()
            if column not in ['occurrence', 'version_number', 'is_deleted', 'loaded_at', 'source_row'] %},
        cast(null as {{ text_type() }}) as {{ column }}
        {%- endfor %}
        {%- for column, type in var('entities')[entity]['columns'].items() %},
        cast(null as {{ sql_type(type) }}) as {{ column }}
        {%- if can_fail(type) %}, cast(null as {{ text_type() }}) as {{ column }}_text{% endif %}
        {%- endfor %}
    where false
    {%- endfor %}
{% endmacro %}

{# All versions, each with the instant from which it holds. #}
{% macro dated_versions(entity) %}
    {%- set spec = var('entities')[entity] -%}
    {%- set born = spec.get('exists_from') or ('created_at' if 'created_at' in spec['columns'] else none) -%}
    versions as (
        {{ all_versions(entity) }}
    ),

    told as (
        select
            *,
            coalesce(
                {% if 'updated_at' in spec['columns'] %}case when not is_deleted then updated_at end,{% endif %}
                {% if born %}case when version_number = 1 then {{ born }} end,{% endif %}
                case when version_number > 1 then loaded_at end
            ) as told_from_at,
            coalesce(sum(case when is_deleted then 1 else 0 end) over (
                partition by source_name, source_entity, source_key, occurrence
                order by version_number
                rows between unbounded preceding and 1 preceding
            ), 0) as deletions_before
        from versions
    ),

    -- a record that came back after a deletion holds from its return, whatever its own date says
    dated as (
        select
            *,
            case
                when deletions_before > 0 and told_from_at < loaded_at then loaded_at
                else told_from_at
            end as holds_from_at
        from told
    )
{% endmacro %}

{# The versions of an entity's records that ever counted by AS_OF, each with the span of instants in which it did: the newest by
   then, before the first one that one. from_at is null from the beginning, until_at to the end. #}
{% macro version_spans(entity, columns) %}
    {%- set in_order = 'partition by source_name, source_entity, source_key order by '
        ~ 'case when holds_from_at is null then 0 else 1 end, holds_from_at, version_number' -%}
    with

    {{ dated_versions(entity) }},

    ordered as (
        select
            *,
            row_number() over ({{ in_order }}) as place,
            lead(holds_from_at) over ({{ in_order }}) as until_at
        from dated
        where source_fault is null and source_key is not null and occurrence = 1
    )

    select
        {% for column in columns -%}
        {{ column }},
        {% endfor -%}
        is_deleted,
        case when place > 1 then holds_from_at end as from_at,
        until_at
    from ordered
    where (place = 1 or holds_from_at <= {{ as_of() }}) and (until_at is null or place = 1 or until_at > holds_from_at)
{% endmacro %}

{# One row per record: the version that counts at AS_OF, why it is excluded, whether it exists by then. #}
{% macro as_of_rows(entity) %}
    {%- set spec = var('entities')[entity] -%}
    {%- set born = 'created_at' if 'created_at' in spec['columns'] else none -%}
    with

    {{ dated_versions(entity) }},

    ranked as (
        select
            *,
            row_number() over (
                partition by source_name, source_entity, source_key, occurrence
                order by
                    case when holds_from_at is null or holds_from_at <= {{ as_of() }} then 0 else 1 end,
                    case when holds_from_at <= {{ as_of() }} then holds_from_at end desc nulls last,
                    case when holds_from_at is null or holds_from_at <= {{ as_of() }} then version_number end desc nulls last,
                    holds_from_at nulls last,
                    version_number
            ) as choice
        from dated
    )

    select
        *,
        coalesce(holds_from_at > {{ as_of() }}, false) as is_later_version,
        case
            when source_fault is not null then source_fault
            when source_key is null then 'no {{ spec['key'] | join(', ') }}'
            {% if not spec.get('repeats') -%}
            when occurrence > 1 then 'duplicate id: this record stands earlier in the file'
            {%- endif %}
            {% if spec.get('exists_from') %}
            when {{ spec['exists_from'] }} is null then '{{ spec['exists_from'] }} is missing or unreadable'
            {% endif %}
        end as exclusion,
        {% if spec.get('exists_from') -%}
        coalesce({{ spec['exists_from'] }} <= {{ as_of() }}, false)
        {%- elif born -%}
        {#- one that bears no date has always been there -#}
        coalesce({{ born }} <= {{ as_of() }}, true)
        {%- else -%}
        true
        {%- endif %} as exists_as_of
    from ranked
    where choice = 1 and not is_deleted
{% endmacro %}

{# The core entity: the records that exist at AS_OF and are not excluded. #}
{% macro core_rows(entity) %}
    select
        source_name, ids_of, source_entity, source_file, source_row, source_key, version_number, is_later_version,
        record_url_template
        {%- for column in var('entities')[entity]['columns'] %}, {{ column }}{% endfor %}
    from {{ ref('int_' ~ entity ~ '_as_of') }}
    where exclusion is null and exists_as_of
{% endmacro %}

{# The changes that a source delivers, also those after AS_OF: their old value held until then. rows: other ones than the
   entity's. #}
{% macro delivered_changes(entity, key, rows=none) %}
    select
        {{ key }},
        lower(trim(field)) as field,
        changed_at,
        source_row as change_order,
        source_name,
        {% for side in ['old', 'new'] -%}
        case when lower(trim(field)) = 'owner' and {{ side }} is not null then ids_of || ':' || {{ side }} else {{ side }} end
            as {{ side }}_value{{ ',' if not loop.last }}
        {% endfor %}
    from {{ rows or ref('int_' ~ entity ~ '_as_of') }}
    {{ 'where exclusion is null' if not rows }}
{% endmacro %}

{# The segment (choice 1) of each kind of company by the agreement's ordered rules; kinds: a relation of version, industry and
   employee_count, each once. #}
{% macro segments_of(kinds) -%}
    select
        k.version,
        k.industry,
        k.employee_count,
        r.segment,
        row_number() over (partition by k.version, k.industry, k.employee_count order by r.rule_order) as choice
    from {{ kinds }} as k
    left join {{ source('agreement', 'industries') }} as i
        on k.version = i.version and {{ words('k.industry') }} = i.source_word
    inner join {{ source('agreement', 'segments') }} as r
        on
            (r.industry is null or {{ words('r.industry') }} = {{ words('i.industry') }})
            and (r.min_employees is null or k.employee_count >= r.min_employees)
            and (r.max_employees is null or k.employee_count <= r.max_employees)
{%- endmacro %}
