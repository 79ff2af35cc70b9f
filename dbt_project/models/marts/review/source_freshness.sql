-- How fresh what each source delivers is: its newest record by AS_OF, and the newest load that brought a row that counts.
{# entities whose records bear a day and no instant #}
{% set days = {'invoices': 'issued_on', 'ad_spend': 'spent_on', 'expenses': 'month', 'fx_rates': 'rate_on'} %}
with

records as (
    {% for entity, spec in var('entities').items() %}
    {%- set dates = [] %}
    {%- for column in [spec.get('exists_from'), 'created_at', 'updated_at'] if column in spec['columns'] and column not in dates %}
    {%- do dates.append(column) %}
    {%- endfor %}
    select
        source_name,
        source_entity,
        '{{ entity }}' as entity,
        loaded_at,
        exclusion is null and exists_as_of as is_counted,
        {% if entity in days -%}
        {{ day_start(days[entity]) }} as dated_at,
        cast(null as {{ instant_type() }}) as changed_at
        {%- else -%}
        {{ dates[0] if dates else 'cast(null as ' ~ instant_type() ~ ')' }} as dated_at,
        {{ dates[1] if dates | length > 1 else 'cast(null as ' ~ instant_type() ~ ')' }} as changed_at
        {%- endif %}
    from {{ ref('int_' ~ entity ~ '_as_of') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- a day that begins at AS_OF has not come, and what bears a later instant says nothing of how fresh it was then
summed as (
    select
        source_name,
        source_entity,
        entity,
        sum(case when is_counted then 1 else 0 end) as records,
        max(case when is_counted then loaded_at end) as newest_load_at,
        max(case when is_counted and dated_at < {{ as_of() }} then dated_at end) as newest_dated_at,
        max(case when is_counted and changed_at < {{ as_of() }} then changed_at end) as newest_changed_at
    from records
    group by source_name, source_entity, entity
),

newest as (
    select
        *,
        case
            when newest_dated_at is null or newest_changed_at > newest_dated_at then newest_changed_at
            else newest_dated_at
        end as newest_record_at
    from summed
)

select
    source_name,
    source_entity as delivered_as,
    entity,
    cast(records as bigint) as records,
    newest_record_at,
    newest_load_at,
    cast({{ microseconds(as_of()) }} - {{ microseconds('newest_record_at') }} as double) / cast(3600000000 as double) as age_hours,
    case
        when records = 0 then 'no records'
        when newest_record_at is null then 'unavailable: no dates'
        else 'ok'
    end as status
from newest
