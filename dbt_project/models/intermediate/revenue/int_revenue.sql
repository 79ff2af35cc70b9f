-- Revenue by both bases, won deals and counted invoices, and which of the two the agreement counts.
with

deals as (
    select * from {{ ref('int_deal_facts') }}
),

invoices as (
    select * from {{ ref('int_invoices') }}
    where invoice_amount is not null and not is_void and issued_on <= {{ last_day() }}
),

booked as (
    select
        'bookings' as basis, 'deal' as record_kind, deal_id as record_id, deal_id, account_id, closed_on as earned_on,
        deal_amount as revenue_amount, channel, segment, region, owner_team
    from deals
    where is_in_scope and status = 'won' and closed_at is not null
),

invoiced as (
    select
        'invoices' as basis, 'invoice' as record_kind, i.invoice_id as record_id, i.deal_id, i.account_id,
        i.issued_on as earned_on, i.invoice_amount as revenue_amount,
        coalesce(d.channel, 'unknown') as channel,
        coalesce(d.segment, 'unknown') as segment,
        coalesce(d.region, 'unknown') as region,
        coalesce(d.owner_team, 'unknown') as owner_team
    from invoices as i
    left join deals as d on i.deal_id = d.deal_id
    where d.deal_id is null or d.is_in_scope
)

select *, basis = {{ setting('revenue_basis') }} as is_agreed_basis from booked
union all
select *, basis = {{ setting('revenue_basis') }} as is_agreed_basis from invoiced
