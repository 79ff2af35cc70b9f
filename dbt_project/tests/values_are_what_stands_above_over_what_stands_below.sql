-- A value is its numerator, or numerator / denominator; null when there is nothing to divide by, never 0.
select m.*
from {{ ref('shared_metrics') }} as m
inner join {{ ref('metric_definitions') }} as d on m.metric = d.metric
where
    case
        when m.status like 'unavailable:%' then m.value is not null or m.numerator is not null
        when m.metric = 'lead_to_opportunity_rate' and m.status = 'maturing' then m.value is not null
        when d.value_is = 'numerator' then coalesce(m.value <> m.numerator, m.value is not null or m.numerator is not null)
        when m.numerator is null or m.denominator is null or m.denominator = 0 then m.value is not null
        else m.value is null or abs(m.value - m.numerator / m.denominator) > 1e-12 * (1 + abs(m.value))
    end
