-- The whole numbers from 1 to 131072: more days than any cost is spread over.
select cast(generated_number as integer) as day_number
from ({{ whole_numbers(131072) }}) as numbers
