-- What is counted of money spent: campaign cost by channel, and all that sales and marketing cost.
select {{ measured("'campaign cost'", 'source_kind', 'record_id', 'spent_on', amount='cost_amount', segment='null', region='null', owner_team='null') }}
from {{ ref('int_costs_daily') }}
union all
select {{ measured("'total cost'", 'record_kind', 'record_id', 'spent_on', amount='cost_amount',
                   channel='null', segment='null', region='null', owner_team='null') }}
from {{ ref('int_total_costs') }}
