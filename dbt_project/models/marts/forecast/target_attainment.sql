-- Where each quarter with a target stands: revenue so far beside what is usually there by that day, what is missing beside what
-- is open and due, and how much had to be.
{# fewer past quarters than a year has are short history #}
{% set quarters_needed = 4 %}
with

targets as (
    select * from {{ ref('int_revenue_targets') }}
),

delivered as (
    select
        max(case when entity = 'invoices' then 1 else 0 end) = 1 as has_invoices,
        max(case when entity = 'deals' then 1 else 0 end) = 1 as has_deals
    from {{ source('run', 'delivered') }}
),

needed as (
    select period_start_on, value
    from {{ ref('shared_metrics') }}
    where metric = 'pipeline_coverage_needed' and period_kind = 'fiscal_quarter' and dimension = 'total'
),

joined as (
    select
        t.fiscal_quarter,
        t.target_amount,
        q.*,
        {{ setting('revenue_basis') }} as revenue_basis,
        d.has_invoices,
        case {{ setting('revenue_basis') }} when 'invoices' then d.has_invoices else d.has_deals end as has_revenue,
        case {{ setting('revenue_basis') }} when 'invoices' then d.has_deals else d.has_invoices end as has_other,
        p.pace_quarters,
        case
            when q.is_over then 1000000000
            when p.pace_quarters >= {{ quarters_needed }} then p.pace_units
        end as pace_units,
        c.open_deals,
        c.open_amount,
        c.due_quarters,
        case when c.due_quarters >= {{ quarters_needed }} then c.due_paisa end as due_paisa,
        case when c.due_quarters >= {{ quarters_needed }} then c.due_won_paisa end as due_won_paisa,
        n.value as needed_coverage
    from targets as t
    inner join {{ ref('int_target_quarters') }} as q on t.starts_on = q.starts_on
    cross join delivered as d
    left join {{ ref('int_target_pace') }} as p on t.starts_on = p.starts_on
    left join {{ ref('int_target_coverage') }} as c on t.starts_on = c.starts_on
    -- of quarters that are not over the newest is told
    left join needed as n
        on n.period_start_on = case when q.is_over then t.starts_on else {{ period_start('fiscal_quarter', last_day()) }} end
),

paced as (
    select
        *,
        -- of a quarter in which the data begins nobody knows what came before it
        is_over and not is_whole as is_cut,
        case when days_come < 0 then 0 when days_come > days_in_quarter then days_in_quarter else days_come end as day_of_quarter,
        case when has_revenue then revenue_amount end as known_amount,
        {{ from_paisa(divided_down('cast(' ~ to_paisa('target_amount') ~ ' as ' ~ large_integer_type()
                                   ~ ') * pace_units * 2 + 1000000000', '2000000000')) }} as by_now_amount,
        case when target_amount > revenue_amount then target_amount - revenue_amount else 0 end as missing_amount
    from joined
)

select
    fiscal_quarter,
    starts_on,
    {{ days_later(-1, 'next_starts_on') }} as ends_on,
    revenue_basis,
    cast(target_amount as decimal(18, 2)) as target_amount,
    known_amount as revenue_amount,
    {{ ratio('known_amount', 'target_amount') }} as attained_share,
    case revenue_basis when 'invoices' then 'bookings' else 'invoices' end as other_basis,
    case when has_other then other_basis_amount end as other_basis_amount,
    case when has_invoices then without_deal_amount end as invoiced_without_deal_amount,
    day_of_quarter,
    days_in_quarter,
    cast(coalesce(pace_quarters, 0) as bigint) as pace_quarters,
    cast(pace_units as double) / 1000000000 as pace_share,
    case when has_revenue then by_now_amount end as expected_by_now_amount,
    cast(case when not is_cut then known_amount - by_now_amount end as decimal(18, 2)) as ahead_amount,
    case
        when not has_revenue or is_cut then null
        when is_over and known_amount >= target_amount then 'met'
        when is_over then 'missed'
        when by_now_amount is null then null
        when known_amount > by_now_amount then 'ahead'
        when known_amount < by_now_amount then 'behind'
        else 'on pace'
    end as position,
    cast(case when has_revenue then missing_amount end as decimal(18, 2)) as remaining_amount,
    open_deals as due_deals,
    open_amount as due_amount,
    case when has_revenue then {{ ratio('open_amount', 'missing_amount') }} end as coverage,
    needed_coverage,
    cast(due_quarters as bigint) as due_quarters,
    {{ ratio('due_won_paisa', 'due_paisa') }} as due_won_share,
    {{ ratio('due_paisa', 'due_won_paisa') }} as needed_coverage_of_due,
    case
        when not has_revenue then 'unavailable: no ' || case revenue_basis when 'invoices' then 'invoices' else 'deals' end
        when is_cut then 'short history'
        when is_over then 'final'
        when days_come < 1 then 'not begun'
        when pace_units is null then 'short history'
        else 'ok'
    end as status,
    case
        when is_over then 'final'
        when due_paisa is null then 'not enough history'
        when due_won_paisa = 0 then 'nothing due was won'
        else 'ok'
    end as coverage_status
from paced
