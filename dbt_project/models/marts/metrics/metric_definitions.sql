{#- metric, name, unit, formula, meaning, whether the values of a dimension add up to the total's -#}
{%- set metrics = [
    ('lead_to_opportunity_rate', 'Lead-to-opportunity rate', 'rate',
     'leads created in the period that became an opportunity within the agreed days / leads created in the period',
     'Of the leads of one period, how many turned into real opportunities. Published when the last of them has had its days.', true),
    ('lead_to_opportunity_period_rate', 'Opportunities per lead of the period', 'rate',
     'opportunities that arose in the period / leads created in the period',
     'A quick look at the same weeks of work; the opportunities are mostly of earlier leads, so it can exceed 1.', true),
    ('opportunity_to_close_rate', 'Win rate', 'rate', 'deals won / (deals won + deals lost), by the day they were closed',
     'Of the deals that were decided in the period, how many we won. Open deals do not count.', true),
    ('opportunity_to_close_rate_value', 'Win rate by value', 'rate', 'amount won / (amount won + amount lost)',
     'The win rate in money: lower than the win rate when we lose the big ones.', true),
    ('sales_cycle_days_median', 'Sales cycle, median', 'days', 'median days from the deal\'s creation to its win, deals won in the period',
     'Half of the won deals took less. Deals closed before they were created are left out and listed in data_faults.', false),
    ('sales_cycle_days_p90', 'Sales cycle, 90th percentile', 'days', 'days within which 9 of 10 of the period\'s won deals were won',
     'How long the slow ones take.', false),
    ('sales_velocity', 'Sales velocity', 'amount',
     'open opportunities at the end x win rate x average amount won / median sales cycle; the last three over twelve months',
     'What the pipeline brings per day at the pace of the last twelve months.', false),
    ('speed_to_lead', 'Speed to lead', 'days', 'median days from the lead\'s creation to the first contact by a person of ours',
     'How long a new lead waits for a human. Leads that nobody contacted, or that are older than their source\'s first recorded activity, are left out.', false),
    ('cpa_lead', 'Cost per lead', 'amount', 'campaign cost of the period / leads created in the period',
     'What a channel\'s media and campaigns cost per lead it brought.', true),
    ('cpa_mql', 'Cost per qualified lead', 'amount', 'campaign cost of the period / leads that met the definition in the period',
     'The same per lead that is worth sales\' time.', true),
    ('cpa_opportunity', 'Cost per opportunity', 'amount', 'campaign cost of the period / opportunities that arose in the period',
     'The same per opportunity.', true),
    ('cpa_customer', 'Cost per customer', 'amount', 'campaign cost of the period / new customers of the period',
     'The same per new customer; salaries and tools are in CAC, not here.', true),
    ('cac', 'Customer acquisition cost', 'amount', 'media, sales and marketing expenses of the period / new customers of the period',
     'What it cost, all in, to win one customer. Empty when nobody was won; media CAC where no expenses are delivered.', false),
    ('cac_shifted', 'Customer acquisition cost, shifted', 'amount',
     'the same expenses, of the days one median sales cycle earlier / new customers of the period',
     'Sets customers against the money that was spent when they were being won.', false),
    ('customers', 'Customers', 'count', 'accounts that ordered by the end of the period', 'Everybody who ever bought.', true),
    ('new_customers', 'New customers', 'count', 'accounts whose first order lies in the period',
     'A first order is a won deal, or an invoice without a deal.', true),
    ('repeat_purchase_rate', 'Repeat purchase rate', 'rate', 'customers with orders in two or more calendar months / customers',
     'How many come back.', true),
    ('referral_rate', 'Referral rate', 'rate', 'new customers whose first deal was referred / new customers',
     'How many come because someone recommended us.', true),
    ('revenue', 'Revenue', 'amount', 'won deals by day closed, or invoices by day issued, as the agreement says (revenue_basis)',
     'The one revenue that targets, pipeline and shares are measured by; without tax.', true),
    ('revenue_bookings', 'Revenue by bookings', 'amount', 'amounts of deals won in the period', 'Shown beside, whatever the agreed basis.', true),
    ('revenue_invoices', 'Revenue by invoices', 'amount', 'invoices issued in the period, without tax, void ones left out',
     'Shown beside, whatever the agreed basis.', true),
    ('revenue_invoiced_without_deal', 'Invoiced without a deal', 'amount', 'invoices of the period that name no known deal',
     'Business that never went through the pipeline, or whose deal is missing from the CRM.', true),
    ('marketing_sourced_revenue', 'Marketing-sourced revenue', 'amount', 'revenue of deals that marketing brought, by the agreed rule',
     'One rule for everybody: settings.csv, marketing_sourced_rule.', true),
    ('marketing_sourced_share', 'Marketing-sourced share', 'rate', 'marketing-sourced revenue / revenue', 'What part of revenue marketing brought.', true),
    ('marketing_sourced_gap_lead_source', 'Gap if lead source decided', 'amount',
     'marketing-sourced revenue by the CRM\'s lead source, less that by the agreed rule', 'What another usual rule would claim.', true),
    ('marketing_sourced_gap_any_touch', 'Gap if any touch decided', 'amount',
     'revenue with any marketing touch before the opportunity, less marketing-sourced revenue by the agreed rule',
     'What another usual rule would claim.', true),
    ('marketing_sourced_gap_first_touch', 'Gap if the first touch decided', 'amount',
     'revenue whose first touch was marketing\'s, less marketing-sourced revenue by the agreed rule',
     'What another usual rule would claim.', true),
    ('marketing_influenced_revenue', 'Marketing-influenced revenue', 'amount',
     'amounts of won deals with a marketing touch inside the lookback before the opportunity',
     'Full value per deal; by channel a deal counts in each that touched it, so channels do not add up.', false),
    ('marketing_influenced_share', 'Marketing-influenced share of won', 'rate', 'marketing-influenced revenue / amount won',
     'Read it beside the share of lost deals: if both are equal, the touches made no difference.', false),
    ('marketing_influenced_lost_share', 'Marketing-influenced share of lost', 'rate',
     'amount lost with a marketing touch inside the lookback before the opportunity / amount lost',
     'The comparison that tells whether influence is more than presence.', false),
    ('clv', 'Customer lifetime value', 'amount', 'expected margin of the next years, summed over customers / customers',
     'Orders a year (mixed with the segment\'s) x mean order x margin x chance of still being a customer, discounted. For groups, not accounts.', true),
    ('pipeline_coverage', 'Pipeline coverage', 'ratio', 'open pipeline due in the period / (target - revenue so far), as the period began or as of now',
     'How many rupees are in the pipeline for each rupee still missing.', false),
    ('pipeline_coverage_needed', 'Pipeline coverage needed', 'ratio', '(amount won + amount lost) / amount won, over twelve months',
     'How many rupees of pipeline one rupee of revenue took.', true),
] %}
with

defined (metric_order, metric, name, unit, formula, meaning, is_additive) as (
    values
        {%- for metric in metrics %}
    ({{ loop.index }}, '{{ metric[:3] | join("', '") }}', '{{ metric[3] | replace("'", "''") }}', '{{ metric[4] | replace("'", "''") }}',
     {{ metric[5] | lower }}){{ ',' if not loop.last }}
        {%- endfor %}
),

divided as (
    select distinct metric from {{ ref('metric_parts') }} where side = 'denominator'
)

select
    d.metric,
    d.metric_order,
    d.name,
    d.unit,
    d.formula,
    d.meaning,
    -- a median stands beside the number of rows behind it
    case when d.unit = 'days' or v.metric is null then 'numerator' else 'numerator / denominator' end as value_is,
    d.is_additive
from defined as d
left join divided as v on d.metric = v.metric
