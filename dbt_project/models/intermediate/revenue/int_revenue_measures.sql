-- What is counted of revenue: by either basis, by the agreed one, what marketing brought of it, what has no deal; and the targets.
with

revenue as (
    select r.*, coalesce(s.is_sourced, false) as is_sourced, s.by_first_touch, s.by_any_touch, s.by_lead_source
    from {{ ref('int_revenue') }} as r
    left join {{ ref('int_sourced') }} as s on r.deal_id = s.deal_id
),

agreed as (
    select * from revenue where is_agreed_basis
),

measured as (
    select {{ measured("'revenue'", 'record_kind', 'record_id', 'earned_on', 'account_id', amount='revenue_amount') }}
    from agreed
    union all
    select {{ measured("'revenue by ' || basis", 'record_kind', 'record_id', 'earned_on', 'account_id', amount='revenue_amount') }}
    from revenue
    union all
    select {{ measured("'revenue invoiced without a deal'", 'record_kind', 'record_id', 'earned_on', 'account_id', amount='revenue_amount') }}
    from revenue
    where basis = 'invoices' and deal_id is null
    union all
    select {{ measured("'marketing-sourced revenue'", 'record_kind', 'record_id', 'earned_on', 'account_id', amount='revenue_amount') }}
    from agreed
    where is_sourced
    {% for rule in ['lead_source', 'any_touch', 'first_touch'] %}
    -- what this rule would add to the agreed one, and what it would take away
    union all
    select {{ measured("'marketing-sourced gap " ~ rule ~ "'", 'record_kind', 'record_id', 'earned_on', 'account_id',
                       amount='case when is_sourced then -revenue_amount else revenue_amount end') }}
    from agreed
    where by_{{ rule }} <> is_sourced
    {% endfor %}
    union all
    select {{ measured("'revenue target'", "'target'", 'fiscal_quarter', 'starts_on', amount='target_amount',
                       channel='null', segment='null', region='null', owner_team='null') }}
    from {{ ref('int_revenue_targets') }}
)

select * from measured
