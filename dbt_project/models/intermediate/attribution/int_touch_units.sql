-- The share of each touch in each milestone under each model, in 1e-9 units that add up to exactly 1e9.
with

weighed as (
    select * from {{ ref('int_touch_weights') }}
),

{{ divide_exactly('weighed', ['path_number', 'model', 'shared_in'], 'shared_units', 'weight', ['touch_order']) }}

select path_number, model, touch_order, units
from divided
where units > 0
