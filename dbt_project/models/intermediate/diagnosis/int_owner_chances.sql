-- By what chance an owner would have disposed of so few leads, or fewer, if all owners disposed alike: Fisher's exact test
-- (J. R. Stat. Soc. 98 (1935) 39-82), times the owners tested (Bonferroni), for each of them may be named by chance.
-- One row per owner.
with

owners as (
    select
        owner_id,
        good,
        cases,
        all_good,
        all_cases,
        owners,
        -- the fewest and the most of all that were disposed of that can be this owner's
        greatest(0, cases + all_good - all_cases) as fewest,
        least(cases, all_good) as most
    from (
        select
            owner_id, good, cases, sum(good) over () as all_good, sum(cases) over () as all_cases, count(*) over () as owners
        from {{ ref('int_owner_dispositions') }}
    ) as counted
),

-- 0, 1, 2, ...: as many as an owner can have
numbers as (
    select number
    from (select row_number() over (order by handover_id) - 1 as number from {{ ref('handovers') }}) as counted
    where number <= (select max(most - fewest) from owners)
),

possible as (
    select o.*, o.fewest + n.number as possible_good
    from owners as o
    inner join numbers as n on n.number <= o.most - o.fewest
),

-- how much more likely one more is, as logarithms: odds of many cases are beyond any double, and decimals sum exactly
steps as (
    select
        *,
        case
            when possible_good = fewest then 0
            else
                cast(
                    ln(cast(all_good - possible_good + 1 as double)) + ln(cast(cases - possible_good + 1 as double))
                    - ln(cast(possible_good as double)) - ln(cast(all_cases - all_good - cases + possible_good as double))
                    as decimal(28, 15)
                )
        end as step
    from possible
),

heights as (
    select
        *,
        sum(step) over (partition by owner_id order by possible_good rows between unbounded preceding and current row) as height
    from steps
),

likelihoods as (
    select
        *,
        cast(exp(cast(height - max(height) over (partition by owner_id) as double)) as decimal(28, 20)) as likelihood
    from heights
)

-- twelve places: what comes after them depends on the engine's logarithms
select
    owner_id,
    cast(cast(
        least(1, owners * {{ ratio('sum(case when possible_good <= good then likelihood else 0 end)', 'sum(likelihood)') }})
        as decimal(18, 12)
    ) as double) as chance
from likelihoods
group by owner_id, owners
