-- What sales still owes an outcome: open handovers without disposition, by the agreed bands of age and by who must act now.
with

aging as (
    select
        o.owner_team as team,
        coalesce(o.owner_id, 'unknown') as owner_id,
        o.owner_name,
        h.aging_days,
        b.age_band,
        b.band_order
    from {{ ref('handovers') }} as h
    inner join {{ ref('int_handover_owners') }} as o on h.handover_id = o.handover_id and o.moment = 'as_of'
    -- a band ends with its last whole day
    inner join {{ source('agreement', 'aging_bands') }} as b
        on h.aging_days >= b.from_days and (b.before_days is null or h.aging_days < b.before_days)
)

select
    age_band,
    band_order,
    team,
    owner_id,
    owner_name,
    cast(count(*) as bigint) as handovers,
    max(aging_days) as oldest_days,
    cast({{ percentile('aging_days', 0.5) }} as double) as median_days
from aging
group by age_band, band_order, team, owner_id, owner_name
