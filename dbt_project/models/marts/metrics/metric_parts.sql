{#- metric, side, measure, window, what is taken of its rows, factor, dimensions; then, where it differs, the dimension by
    which the rows are narrowed. -#}
{%- set every = ['total', 'channel', 'segment', 'region', 'owner_team'] %}
{%- set but_channel = ['total', 'segment', 'region', 'owner_team'] %}
{%- set parts = [
    ('lead_to_opportunity_rate', 'numerator', 'leads that became an opportunity in time', 'in the period', 'rows', 1, every),
    ('lead_to_opportunity_rate', 'denominator', 'leads created', 'in the period', 'rows', 1, every),
    ('lead_to_opportunity_period_rate', 'numerator', 'opportunities', 'in the period', 'rows', 1, every),
    ('lead_to_opportunity_period_rate', 'denominator', 'leads created', 'in the period', 'rows', 1, every),
    ('opportunity_to_close_rate', 'numerator', 'deals won', 'in the period', 'rows', 1, every),
    ('opportunity_to_close_rate', 'denominator', 'deals won', 'in the period', 'rows', 1, every),
    ('opportunity_to_close_rate', 'denominator', 'deals lost', 'in the period', 'rows', 1, every),
    ('opportunity_to_close_rate_value', 'numerator', 'deals won', 'in the period', 'amount', 1, every),
    ('opportunity_to_close_rate_value', 'denominator', 'deals won', 'in the period', 'amount', 1, every),
    ('opportunity_to_close_rate_value', 'denominator', 'deals lost', 'in the period', 'amount', 1, every),
    ('sales_cycle_days_median', 'numerator', 'days from deal to won', 'in the period', 'median', 1, every),
    ('sales_cycle_days_median', 'denominator', 'days from deal to won', 'in the period', 'rows', 1, every),
    ('sales_cycle_days_p90', 'numerator', 'days from deal to won', 'in the period', '90th percentile', 1, every),
    ('sales_cycle_days_p90', 'denominator', 'days from deal to won', 'in the period', 'rows', 1, every),
    ('sales_velocity', 'numerator', 'open opportunities', 'open at its end', 'rows', 1, every),
    ('sales_velocity', 'numerator', 'deals won', 'twelve months to its end', 'rows', 1, every),
    ('sales_velocity', 'numerator', 'deals lost', 'twelve months to its end', 'rows', 1, every),
    ('sales_velocity', 'numerator', 'deals won', 'twelve months to its end', 'amount', 1, every),
    ('sales_velocity', 'numerator', 'deals won', 'twelve months to its end', 'rows with an amount', 1, every),
    ('sales_velocity', 'denominator', 'days from deal to won', 'twelve months to its end', 'median', 1, every),
    ('speed_to_lead', 'numerator', 'days to first contact', 'in the period', 'median', 1, every),
    ('speed_to_lead', 'denominator', 'days to first contact', 'in the period', 'rows', 1, every),
    ('cpa_lead', 'numerator', 'campaign cost', 'in the period', 'amount', 1, ['total', 'channel']),
    ('cpa_lead', 'denominator', 'leads created', 'in the period', 'rows', 1, every),
    ('cpa_mql', 'numerator', 'campaign cost', 'in the period', 'amount', 1, ['total', 'channel']),
    ('cpa_mql', 'denominator', 'leads qualified', 'in the period', 'rows', 1, every),
    ('cpa_opportunity', 'numerator', 'campaign cost', 'in the period', 'amount', 1, ['total', 'channel']),
    ('cpa_opportunity', 'denominator', 'opportunities', 'in the period', 'rows', 1, every),
    ('cpa_customer', 'numerator', 'campaign cost', 'in the period', 'amount', 1, ['total', 'channel']),
    ('cpa_customer', 'denominator', 'customers', 'in the period', 'rows', 1, every),
    ('cac', 'numerator', 'total cost', 'in the period', 'amount', 1, ['total']),
    ('cac', 'denominator', 'customers', 'in the period', 'rows', 1, every),
    ('cac_shifted', 'numerator', 'total cost', 'as long before as a deal takes', 'amount', 1, ['total']),
    ('cac_shifted', 'denominator', 'customers', 'in the period', 'rows', 1, every),
    ('customers', 'numerator', 'customers', 'up to its end', 'rows', 1, every),
    ('new_customers', 'numerator', 'customers', 'in the period', 'rows', 1, every),
    ('repeat_purchase_rate', 'numerator', 'customers who came back', 'up to its end', 'rows', 1, every),
    ('repeat_purchase_rate', 'denominator', 'customers', 'up to its end', 'rows', 1, every),
    ('referral_rate', 'numerator', 'customers referred', 'in the period', 'rows', 1, every),
    ('referral_rate', 'denominator', 'customers', 'in the period', 'rows', 1, every),
    ('revenue', 'numerator', 'revenue', 'in the period', 'amount', 1, every),
    ('revenue_bookings', 'numerator', 'revenue by bookings', 'in the period', 'amount', 1, every),
    ('revenue_invoices', 'numerator', 'revenue by invoices', 'in the period', 'amount', 1, every),
    ('revenue_invoiced_without_deal', 'numerator', 'revenue invoiced without a deal', 'in the period', 'amount', 1, every),
    ('marketing_sourced_revenue', 'numerator', 'marketing-sourced revenue', 'in the period', 'amount', 1, every),
    ('marketing_sourced_share', 'numerator', 'marketing-sourced revenue', 'in the period', 'amount', 1, every),
    ('marketing_sourced_share', 'denominator', 'revenue', 'in the period', 'amount', 1, every),
    ('marketing_sourced_gap_lead_source', 'numerator', 'marketing-sourced gap lead_source', 'in the period', 'amount', 1, every),
    ('marketing_sourced_gap_any_touch', 'numerator', 'marketing-sourced gap any_touch', 'in the period', 'amount', 1, every),
    ('marketing_sourced_gap_first_touch', 'numerator', 'marketing-sourced gap first_touch', 'in the period', 'amount', 1, every),
    ('marketing_influenced_revenue', 'numerator', 'deals won with a marketing touch', 'in the period', 'amount', 1, but_channel),
    ('marketing_influenced_revenue', 'numerator', 'deals won per touching channel', 'in the period', 'amount', 1, ['channel']),
    ('marketing_influenced_share', 'numerator', 'deals won with a marketing touch', 'in the period', 'amount', 1, but_channel),
    ('marketing_influenced_share', 'numerator', 'deals won per touching channel', 'in the period', 'amount', 1, ['channel']),
    ('marketing_influenced_share', 'denominator', 'deals won', 'in the period', 'amount', 1, but_channel),
    ('marketing_influenced_share', 'denominator', 'deals won', 'in the period', 'amount', 1, ['channel'], 'total'),
    ('marketing_influenced_lost_share', 'numerator', 'deals lost with a marketing touch', 'in the period', 'amount', 1, but_channel),
    ('marketing_influenced_lost_share', 'numerator', 'deals lost per touching channel', 'in the period', 'amount', 1, ['channel']),
    ('marketing_influenced_lost_share', 'denominator', 'deals lost', 'in the period', 'amount', 1, but_channel),
    ('marketing_influenced_lost_share', 'denominator', 'deals lost', 'in the period', 'amount', 1, ['channel'], 'total'),
    ('clv', 'numerator', 'orders', 'up to its end', 'customer value', 1, every),
    ('clv', 'denominator', 'customers', 'up to its end', 'rows', 1, every),
    ('pipeline_coverage', 'numerator', 'pipeline due in the fiscal quarter', 'the whole fiscal quarter', 'amount', 1, ['total']),
    ('pipeline_coverage', 'numerator', 'pipeline due in the fiscal year', 'the whole fiscal year', 'amount', 1, ['total']),
    ('pipeline_coverage', 'denominator', 'revenue target', 'the whole fiscal quarter', 'amount', 1, ['total']),
    ('pipeline_coverage', 'denominator', 'revenue target', 'the whole fiscal year', 'amount', 1, ['total']),
    ('pipeline_coverage', 'denominator', 'revenue', 'before its pipeline is looked at', 'amount', -1, ['total']),
    ('pipeline_coverage_needed', 'numerator', 'deals won', 'twelve months to its end', 'amount', 1, every),
    ('pipeline_coverage_needed', 'numerator', 'deals lost', 'twelve months to its end', 'amount', 1, every),
    ('pipeline_coverage_needed', 'denominator', 'deals won', 'twelve months to its end', 'amount', 1, every),
] %}
with

parts (metric, side, measure, period_window, aggregated, factor, dimension, narrowed_by) as (
    values
        {%- for part in parts %}
        {%- set last_part = loop.last %}
        {%- for dimension in part[6] %}
    ('{{ part[:5] | join("', '") }}', {{ part[5] }}, '{{ dimension }}', '{{ part[7] if part | length > 7 else dimension }}')
        {{- ',' if not (loop.last and last_part) }}
        {%- endfor %}
        {%- endfor %}
)

select metric, dimension, side, measure, period_window, aggregated, factor, narrowed_by
from parts
