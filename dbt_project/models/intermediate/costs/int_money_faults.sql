-- Money that is not counted because its day or its rate is missing.
with

spent_campaigns as (
    select distinct campaign_id from {{ ref('core_ad_spend') }}
)

select c.source_name, c.source_file, c.source_row, 'campaigns' as entity, 'actual_cost: campaign without a start day' as fault
from {{ ref('core_campaigns') }} as c
left join spent_campaigns as s on c.campaign_id = s.campaign_id
where s.campaign_id is null and c.starts_on is null and c.actual_cost is not null
union all
select distinct
    source_name, source_file, source_row,
    case record_kind when 'campaign' then 'campaigns' when 'expense' then 'expenses' else record_kind end,
    'amount: no rate to the reporting currency for its day'
from {{ ref('int_spending') }}
where cost_amount is null
union all
select source_name, source_file, source_row, 'invoices', 'amount: no rate to the reporting currency for its day'
from {{ ref('int_invoices') }}
where amount is not null and invoice_amount is null and not is_void
