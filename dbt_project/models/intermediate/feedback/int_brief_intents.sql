-- Which agreed behaviours a lead had shown at each of its handovers, and which it had shown too rarely. One row per lead and
-- handover with any.
with

instants as (
    select v.lead_id, v.judged_at, v.agreement_version as version
    from {{ ref('int_handovers') }} as h
    inner join {{ ref('int_qualification') }} as v on h.lead_id = v.lead_id and h.handed_over_at = v.judged_at
),

{{ counted_behaviours('instants', is_dated=true) }},

days as (
    select
        *,
        replace(kind, '_', ' ') as name,
        cast(touches as {{ text_type() }}) as times,
        {{ told_day('first_at') }} as first_day,
        {{ told_day('last_at') }} as last_day
    from counted
),

told as (
    select
        *,
        name || case
            when touches = 1 then ' on ' || last_day
            when first_day = last_day then ' x ' || times || ' on ' || last_day
            else ' x ' || times || ' from ' || first_day || ' to ' || last_day
        end as met,
        name || ' ' || times || ' of ' || cast(minimum_count as {{ text_type() }}) || ' in '
        || cast(within_days as {{ text_type() }}) || ' days, last ' || last_day as missed
    from days
)

select
    lead_id,
    judged_at,
    {{ listed_in_order('case when touches >= minimum_count then met end', 'last_at desc, kind') }} as met,
    {{ listed_in_order('case when touches < minimum_count then missed end', 'last_at desc, kind') }} as missed
from told
group by lead_id, judged_at
