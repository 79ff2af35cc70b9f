-- What each deal was at each instant of its own: creation, its changes, the link to its lead, closing, deletion, AS_OF.
{% set fields = ['stage', 'amount', 'currency', 'expected_close_on', 'owner', 'forecast_category'] %}
with

deals as (
    select * from {{ ref('int_known_deals') }}
),

instants as (
    select deal_id, created_at as state_at from deals
    union
    select deal_id, from_at as state_at from {{ ref('int_deal_values') }} where from_at is not null
    union
    select deal_id, closed_at as state_at from deals where closed_at > created_at
    union
    select deal_id, scrubbed_at as state_at from deals where scrubbed_at > created_at
    union
    select deal_id, linked_at as state_at from deals where linked_at > created_at
    union
    select deal_id, {{ as_of() }} as state_at from deals
),

read_values as (
    select
        v.*,
        {{ number('v.value', 'decimal(18, 2)') }} as money,
        {{ local_date('v.value') }} as day_on
    from (
        select v.*, d.timezone as _timezone, d.day_first as _day_first
        from {{ ref('int_deal_values') }} as v
        inner join deals as k on v.deal_id = k.deal_id
        inner join {{ source('run', 'sources') }} as d on k.source_name = d.source_name
    ) as v
)

select
    i.deal_id,
    i.state_at,
    -- of a deal that has closed since nobody knows in which stage it was open
    case when c_stage.deal_id is not null then c_stage.value when not d.is_closed_since then d.stage end as stage,
    case when c_amount.deal_id is not null then c_amount.money else d.amount end as amount,
    upper(case when c_currency.deal_id is not null then c_currency.value else d.currency end) as currency,
    case when c_expected_close_on.deal_id is not null then c_expected_close_on.day_on else d.expected_close_on end
        as expected_close_on,
    case when c_owner.deal_id is not null then c_owner.value else d.owner_id end as owner_id,
    case when c_forecast_category.deal_id is not null then c_forecast_category.value else d.forecast_category end
        as forecast_category,
    case
        when c_amount.from_at is null and c_currency.from_at is null then d.created_at
        when c_currency.from_at is null or c_amount.from_at >= c_currency.from_at then c_amount.from_at
        else c_currency.from_at
    end as amount_set_at
from instants as i
inner join deals as d on i.deal_id = d.deal_id
{% for field in fields %}
left join read_values as c_{{ field }}
    on
        i.deal_id = c_{{ field }}.deal_id and c_{{ field }}.field = '{{ field }}'
        and (c_{{ field }}.from_at is null or c_{{ field }}.from_at <= i.state_at)
        and (c_{{ field }}.until_at is null or c_{{ field }}.until_at > i.state_at)
{% endfor %}
where i.state_at <= {{ as_of() }}
