-- What sales still owes an outcome: open handovers without disposition, by age, team and owner.
{% set bands = [('0-7 days', 7), ('8-14 days', 14), ('15-30 days', 30), ('31-60 days', 60)] %}
with

aging as (
    select
        contact_owner_team as team,
        coalesce(contact_owner_id, 'unknown') as owner_id,
        contact_owner_name as owner_name,
        aging_days,
        -- a band ends with its last whole day
        case
            {% for _, days in bands -%}
            when aging_days < {{ days + 1 }} then {{ loop.index }}
            {% endfor -%}
            else {{ bands | length + 1 }}
        end as band_order
    from {{ ref('handovers') }}
    where aging_days is not null
)

select
    case band_order
        {% for name, _ in bands -%}
        when {{ loop.index }} then '{{ name }}'
        {% endfor -%}
        else 'over 60 days'
    end as age_band,
    cast(band_order as integer) as band_order,
    team,
    owner_id,
    owner_name,
    cast(count(*) as bigint) as handovers,
    max(aging_days) as oldest_days,
    cast({{ percentile('aging_days', 0.5) }} as double) as median_days
from aging
group by band_order, team, owner_id, owner_name
