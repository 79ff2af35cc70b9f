-- In every cell: opening, in and out give the closing, to the paisa.
select *
from {{ ref('pipeline_waterfall_weekly') }}
where
    opening_amount + created_amount + reopened_amount + pulled_in_amount + increased_amount + reclassified_amount
    - decreased_amount - pushed_out_amount - won_amount - lost_amount - scrubbed_amount <> closing_amount
