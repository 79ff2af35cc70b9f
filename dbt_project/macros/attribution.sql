{# What credit is made of: the lookback, the scope of deals, and the one exact division into whole units. #}

{# The lookback that holds for all models, in microseconds. #}
{% macro lookback() -%}
    (
        select cast(value as bigint) * 86400000000
        from {{ source('agreement', 'attribution_models') }}
        where model = 'all' and item = 'lookback_days'
    )
{%- endmacro %}

{# Whether a touch lies in the lookback before an instant; one at the instant itself does, one a whole lookback older not. #}
{% macro in_lookback(touched_at, ends_at) -%}
    {{ touched_at }} <= {{ ends_at }} and {{ microseconds(ends_at) }} - {{ microseconds(touched_at) }} < {{ lookback() }}
{%- endmacro %}

{# Whether the agreement counts deals of this type; a deal without a type counts. #}
{% macro is_in_scope(deal_type) -%}
    ({{ deal_type }} is null or {{ is_listed(deal_type, 'deal_types_in_scope') }})
{%- endmacro %}

{# CTEs that divide a whole total over the rows of each key in proportion to their whole weights, exactly: each row gets
   its proportion rounded down, what is left over goes one by one to the largest remainders, the earlier row first.
   The last CTE, `divided`, holds the given rows and `units`. rows: a CTE; key and in_order: lists of columns;
   all_weights: what the weights of each key are known to add up to; product_type: bigint where all_weights times the
   largest weight fits in it. Only that product may be wide: 128-bit numbers are slow to divide and to sort by. #}
{% macro divide_exactly(rows, key, total, weight, in_order, all_weights=none, product_type=large_integer_type()) -%}
    {%- set partition = 'partition by ' ~ key | join(', ') -%}
    summed as (
        select
            *,
            {% if all_weights -%} cast({{ all_weights }} as bigint)
            {%- else -%} cast(sum({{ weight }}) over ({{ partition }}) as bigint)
            {%- endif %} as all_weights
        from {{ rows }}
    ),

    -- as often as the total holds all weights, each row gets its whole weight; only the rest has to be multiplied first
    multiplied as (
        select
            *,
            {{ whole_quotient(total, 'all_weights') }} * {{ weight }} as even_units,
            cast({{ total }} % all_weights as {{ product_type }}) * {{ weight }} as product
        from summed
    ),

    floored as (
        select
            *,
            even_units + {{ whole_quotient('product', 'all_weights') }} as whole_units,
            cast(product % all_weights as bigint) as remainder
        from multiplied
    ),

    ranked as (
        select
            *,
            row_number() over ({{ partition }} order by remainder desc, {{ in_order | join(', ') }}) as remainder_rank,
            {{ total }} - sum(whole_units) over ({{ partition }}) as units_left
        from floored
    ),

    divided as (
        select *, cast(whole_units + case when remainder_rank <= units_left then 1 else 0 end as bigint) as units
        from ranked
    )
{%- endmacro %}

{# A ratio in doubles; null where there is nothing to divide by. #}
{% macro ratio(numerator, denominator) -%}
    cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0)
{%- endmacro %}

{# The CTE `name`: the given touches with the account and person they name: by the lead, else the contact, else the e-mail. #}
{% macro named_touches(touches, name) -%}
    {{ name }} as (
        select
            t.*,
            coalesce(l.person_id, c.person_id, e.person_id) as person_id,
            coalesce(l.account_id, c.account_id, e.account_id) as account_id
        from {{ touches }} as t
        left join {{ ref('int_people') }} as l on t.lead_id = l.lead_id
        left join {{ ref('int_contact_people') }} as c on t.contact_id = c.contact_id
        left join {{ ref('int_addresses') }} as e on {{ words('t.email') }} = e.email
    )
{%- endmacro %}
