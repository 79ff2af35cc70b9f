select * from {{ ref('int_lead_measures') }}
union all
select * from {{ ref('int_deal_measures') }}
union all
select * from {{ ref('int_revenue_measures') }}
union all
select * from {{ ref('int_customer_measures') }}
union all
select * from {{ ref('int_cost_measures') }}
