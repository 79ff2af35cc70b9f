-- What the person and its colleagues did before each handover, and the person since, in words. One row per handover with any.
with

told as (
    select
        *,
        replace(kind, '_', ' ') || {{ told_times('touches') }}
        || case when touches = 1 then ', ' else ', last ' end || {{ told_day('last_at') }} as told
    from {{ ref('int_brief_touches') }}
)

select
    handover_id,
    {% for doer in ['person', 'colleagues', 'since'] -%}
    {{ listed_in_order("case when doer = '" ~ doer ~ "' then told end", 'last_at desc, kind') }} as {{ doer }}_behaviours,
    max(case when doer = '{{ doer }}' then last_at end) as {{ doer }}_last_at{{ ',' if not loop.last }}
    {% endfor -%}
from told
group by handover_id
