-- What each method expected at the same point of past quarters, beside what came: on these errors the intervals of this run rest.
select
    horizon,
    fiscal_quarter,
    method,
    segment,
    past_fiscal_quarter,
    origin_at as as_of_at,
    {{ from_paisa('expected_paisa') }} as expected_amount,
    {{ from_paisa('actual_paisa') }} as actual_amount,
    relative_error
from {{ source('forecast', 'errors') }}
