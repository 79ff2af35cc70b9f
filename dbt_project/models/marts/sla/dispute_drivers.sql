-- What the disagreement is about: the criteria of leads that sales took all the same, sales' words for those it refused.
-- Beside each, how common it is where both sides call a lead not qualified: what is as common there drives no dispute.
{% set kinds = ['month', 'fiscal_quarter', 'fiscal_year'] %}
with

driven as (
    select * from {{ ref('int_verdict_drivers') }}
),

outcomes as (
    select handover_id, later_outcome, later_amount from {{ ref('qualification_disputes') }}
),

facts as (
    select
        d.handover_id, d.handed_over_at, d.segment, d.dispute, d.is_agreed, d.driver, d.criterion, d.is_only_criterion,
        coalesce(o.later_outcome = 'won', false) as is_won,
        o.later_amount
    from driven as d
    left join outcomes as o on d.handover_id = o.handover_id
),

cut as (
    select * from facts
    union all
    select
        handover_id, handed_over_at, '(all)' as segment, dispute, is_agreed, driver, criterion, is_only_criterion, is_won,
        later_amount
    from facts
),

periods as (
    {% for kind in kinds -%}
    select '{{ kind }}' as period_kind, {{ period_start(kind, local_day('handed_over_at')) }} as period_start_on, cut.* from cut
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- a lead that misses two criteria stands under both, and once here
totals as (
    select
        period_kind, period_start_on, segment, dispute,
        cast(count(distinct case when not is_agreed then handover_id end) as bigint) as all_disputes,
        cast(count(distinct case when is_agreed then handover_id end) as bigint) as all_agreed
    from periods
    group by period_kind, period_start_on, segment, dispute
),

counted as (
    select
        period_kind, period_start_on, segment, dispute, driver, criterion,
        cast(sum(case when is_agreed then 0 else 1 end) as bigint) as disputes,
        -- null of words, which come alone
        cast(sum(
            case when is_only_criterion and not is_agreed then 1 when is_only_criterion is not null then 0 end
        ) as bigint) as only_criterion_disputes,
        cast(sum(case when is_agreed then 1 else 0 end) as bigint) as agreed,
        cast(sum(case when is_won then 1 else 0 end) as bigint) as won,
        cast(sum(case when is_won then later_amount else 0 end) as decimal(18, 2)) as won_amount
    from periods
    group by period_kind, period_start_on, segment, dispute, driver, criterion
),

shares as (
    select
        c.*,
        t.all_disputes,
        t.all_agreed,
        {{ rate_with_interval('c.disputes', 't.all_disputes', 'dispute_share') }},
        {{ rate_with_interval('c.agreed', 't.all_agreed', 'agreed_share') }}
    from counted as c
    inner join totals as t
        on
            c.period_kind = t.period_kind and c.period_start_on = t.period_start_on
            and c.segment = t.segment and c.dispute = t.dispute
    where c.disputes > 0
),

-- Newcombe's hybrid score interval of a difference of two shares, from Wilson's of each (Stat. Med. 17 (1998) 873-890)
differences as (
    select
        *,
        dispute_share - agreed_share as share_difference,
        dispute_share - agreed_share
        - sqrt(power(dispute_share - dispute_share_low, 2) + power(agreed_share_high - agreed_share, 2)) as share_difference_low,
        dispute_share - agreed_share
        + sqrt(power(dispute_share_high - dispute_share, 2) + power(agreed_share - agreed_share_low, 2)) as share_difference_high
    from shares
)

select
    period_kind, period_start_on, segment, dispute, driver, criterion,
    disputes, all_disputes, dispute_share, dispute_share_low, dispute_share_high, only_criterion_disputes,
    agreed, all_agreed, agreed_share, agreed_share_low, agreed_share_high,
    share_difference, share_difference_low, share_difference_high,
    -- in whole numbers, so that equal shares are a lift of exactly 1
    {{ ratio('disputes * all_agreed', 'agreed * all_disputes') }} as lift,
    case
        when least(all_disputes, all_agreed) < {{ setting('signal_min_cases') }} then 'few cases'
        when share_difference_low > 0 then 'drives the dispute'
        when share_difference_high < 0 then 'rarer in the dispute'
        else 'as common where both agree'
    end as status,
    won, won_amount
from differences
