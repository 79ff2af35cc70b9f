-- The handovers on which both sides disagree, with what the deals of their lead, and of its account, have come to since.
{% set places = {3: 'won', 2: 'open', 1: 'lost'} %}
with

disputed as (
    select * from {{ ref('int_verdict_pairs') }} where verdicts in ('definition_only', 'sales_only')
),

-- won says more than open, open more than lost
deals as (
    select
        lead_id, account_id, created_at, deal_amount,
        case status {% for place, status in places.items() %}when '{{ status }}' then {{ place }} {% endfor %}end as place
    from {{ ref('deals') }}
),

linked as (
    select d.handover_id, 'lead' as side, k.place, k.deal_amount
    from disputed as d
    inner join deals as k on d.lead_id = k.lead_id
    union all
    -- a colleague may buy what the lead did not
    select d.handover_id, 'account' as side, k.place, k.deal_amount
    from disputed as d
    inner join deals as k on d.account_id = k.account_id and k.created_at >= d.handed_over_at
),

ranked as (
    select *, max(place) over (partition by handover_id, side) as furthest from linked
),

outcomes as (
    select
        handover_id,
        {% for side in ['lead', 'account'] -%}
        max(case when side = '{{ side }}' then furthest end) as {{ side }}_furthest,
        cast(sum(case when side = '{{ side }}' and place = furthest then deal_amount end) as decimal(18, 2)) as {{ side }}_amount
        {{- ',' if not loop.last }}
        {% endfor %}
    from ranked
    group by handover_id
)

select
    d.handover_id,
    d.lead_id,
    d.record_url,
    d.company_name,
    d.handed_over_at,
    d.month_start_on,
    d.segment,
    d.channel,
    d.campaign_id,
    d.owner_id,
    d.owner_name,
    case d.verdicts
        when 'definition_only' then 'definition passes, sales rejects' else 'definition fails, sales advances'
    end as dispute,
    case when d.verdicts = 'sales_only' then d.failed_criteria end as failed_criteria,
    case when d.verdicts = 'definition_only' then coalesce(d.disposition, 'no reason known') end as disposition,
    case when d.verdicts = 'definition_only' then w.criterion end as criterion_denied,
    {% for side, outcome in {'lead': 'later', 'account': 'account'}.items() -%}
    case o.{{ side }}_furthest {% for place, status in places.items() %}when {{ place }} then '{{ status }}' {% endfor %}else 'no deal' end
        as {{ outcome }}_outcome,
    o.{{ side }}_amount as {{ outcome }}_amount{{ ',' if not loop.last }}
    {% endfor %}
from disputed as d
inner join {{ ref('int_handover_words') }} as w on d.handover_id = w.handover_id
left join outcomes as o on d.handover_id = o.handover_id
