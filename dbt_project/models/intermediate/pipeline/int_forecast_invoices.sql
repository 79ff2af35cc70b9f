-- What was invoiced, at the first instant of its day, for a company whose revenue is its invoices.
select
    record_id as invoice_id,
    deal_id,
    {{ day_start('earned_on') }} as issued_at,
    {{ to_paisa('revenue_amount') }} as amount_paisa
from {{ ref('int_revenue') }}
where basis = 'invoices' and is_agreed_basis
