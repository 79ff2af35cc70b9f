-- What the people that went on from each step brought in later, by their quarter and the week in which the deal was won.
with

people as (
    select * from {{ ref('int_gap_people') }}
),

records as (
    select lead_id, coalesce(duplicate_of_lead_id, lead_id) as person_id from {{ ref('leads') }}
),

-- a deal is won once, whoever of its leads it came of
won as (
    select d.deal_id, d.deal_amount, min(r.person_id) as person_id, {{ local_day('d.closed_at') }} as won_on
    from {{ ref('int_lead_deals') }} as k
    inner join {{ ref('int_deals') }} as d on k.deal_id = d.deal_id
    inner join records as r on k.lead_id = r.lead_id
    where k.is_after_lead and d.status = 'won' and d.deal_amount is not null
    group by d.deal_id, d.deal_amount, {{ local_day('d.closed_at') }}
),

known as (
    select p.*, {{ period_start('week', 'w.won_on') }} as week_start_on, w.deal_amount
    from won as w
    inner join people as p on w.person_id = p.lead_id
    where w.won_on is not null
)

{% for name, from_stage, to_stage in transitions() %}
select
    quarter_on,
    week_start_on,
    {{ loop.index }} as transition_order,
    cast(sum(deal_amount) as decimal(18, 2)) as won_amount
from known
where in_{{ from_stage }} and in_{{ to_stage }}
group by quarter_on, week_start_on
{{ 'union all' if not loop.last }}
{% endfor %}
