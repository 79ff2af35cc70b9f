-- Each step's rate in each fiscal quarter beside that of the eight quarters before, with what the two may differ by: the
-- binomial variance times how much more than binomial the eight vary (at least 1), all steps of a quarter held at once.
{% set quarters_needed = 8 %}
with

cells as (
    select * from {{ ref('int_gap_cells') }}
),

baselines as (
    select
        c.quarter_on,
        c.transition_order,
        c.transition,
        c.entrants,
        c.reached,
        coalesce(sum(case when b.entrants > 0 then 1 else 0 end), 0) as baseline_quarters,
        coalesce(sum(b.entrants), 0) as baseline_entrants,
        coalesce(sum(b.reached), 0) as baseline_reached
    from cells as c
    left join cells as b
        on
            c.transition_order = b.transition_order and b.quarter_on < c.quarter_on
            and b.quarter_on >= {{ months_later(-3 * quarters_needed, 'c.quarter_on') }}
    group by c.quarter_on, c.transition_order, c.transition, c.entrants, c.reached
),

shares as (
    select
        *,
        {{ ratio('baseline_reached', 'baseline_entrants') }} as baseline_rate,
        {{ ratio('reached', 'entrants') }} as current_rate,
        {{ ratio('reached + baseline_reached', 'entrants + baseline_entrants') }} as common_rate
    from baselines
),

-- Pearson's statistic of the eight quarters, each term rounded so that their sum is the same in any order
spread as (
    select
        s.quarter_on,
        s.transition_order,
        sum({{ rounded("power(b.reached - b.entrants * s.baseline_rate, 2)"
                       " / (b.entrants * s.baseline_rate * (1 - s.baseline_rate))", 9) }}) as pearson
    from shares as s
    inner join cells as b
        on
            s.transition_order = b.transition_order and b.quarter_on < s.quarter_on
            and b.quarter_on >= {{ months_later(-3 * quarters_needed, 's.quarter_on') }}
    where b.entrants > 0 and s.baseline_rate > 0 and s.baseline_rate < 1
    group by s.quarter_on, s.transition_order
),

judged as (
    select
        s.*,
        greatest(coalesce(cast(p.pearson as double) / {{ quarters_needed - 1 }}, cast(1 as double)), cast(1 as double)) as dispersion,
        case
            when s.entrants + s.baseline_entrants = 0 then 'unavailable: no source tells of this step'
            when s.baseline_quarters < {{ quarters_needed }} then 'short history'
            when s.entrants < {{ setting('signal_min_cases') }} then 'too few leads'
            when s.reached + s.baseline_reached = 0 then 'unavailable: nobody ever took this step'
            else 'ok'
        end as status
    from shares as s
    left join spread as p on s.quarter_on = p.quarter_on and s.transition_order = p.transition_order
),

counted as (
    select *, sum(case when status = 'ok' then 1 else 0 end) over (partition by quarter_on) as steps from judged
)

select
    quarter_on,
    transition_order,
    transition,
    entrants,
    reached,
    current_rate,
    cast(baseline_quarters as bigint) as baseline_quarters,
    cast(baseline_entrants as bigint) as baseline_entrants,
    cast(baseline_reached as bigint) as baseline_reached,
    baseline_rate,
    dispersion,
    status,
    case
        when status = 'ok' then
            {{ joint_t_of_80('steps') }} * sqrt(
                dispersion * common_rate * (1 - common_rate)
                * (1 / cast(entrants as double) + 1 / cast(baseline_entrants as double))
            )
            -- leads come in whole numbers
            + cast(0.5 as double) / cast(entrants as double)
    end as margin
from counted
