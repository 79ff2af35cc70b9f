-- At every instant a field of a lead has one value: an overlap would double the lead in a join.
select a.lead_id, a.field
from {{ ref('int_lead_values') }} as a
inner join {{ ref('int_lead_values') }} as b
    on
        a.lead_id = b.lead_id and a.field = b.field
        and coalesce(a.from_at, timestamp '1900-01-01') < coalesce(b.from_at, timestamp '1900-01-01')
        and coalesce(a.until_at, timestamp '2900-01-01') > coalesce(b.from_at, timestamp '1900-01-01')
