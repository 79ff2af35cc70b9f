-- Generated is created, less what had no date yet, plus what had its amount before; created is the waterfall's.
with

generated as (
    select * from {{ ref('pipeline_generated_weekly') }}
),

compared as (
    select week_start_on, source, generated_amount - created_amount + undated_amount - dated_later_amount as gap_amount
    from generated
    union all
    select week_start_on, source, sum(amount) as gap_amount
    from (
        select week_start_on, source, created_amount as amount from generated
        union all
        select week_start_on, source, -created_amount from {{ ref('pipeline_waterfall_weekly') }}
    ) as both_tables
    group by week_start_on, source
)

select * from compared where gap_amount <> 0
