-- Records that are read well and cannot be true, or name what the agreement does not know.
with

leads as (
    select * from {{ ref('core_leads') }}
),

deals as (
    select * from {{ ref('int_deals') }}
),

lead_faults as (
    select l.source_name, l.source_file, l.source_row, 'leads' as entity, 'status: not in the agreement''s stages.csv' as fault
    from leads as l
    left join {{ source('agreement', 'stages') }} as s on s.entity = 'lead' and {{ words('l.status') }} = s.source_word
    where l.status is not null and s.source_word is null
    union all
    select l.source_name, l.source_file, l.source_row, 'leads', 'disposition: not in the agreement''s dispositions.csv'
    from leads as l
    left join {{ source('agreement', 'dispositions') }} as d on {{ words('l.disposition') }} = d.source_word
    where l.disposition is not null and d.source_word is null
    union all
    select l.source_name, l.source_file, l.source_row, 'leads', 'handed_over_at: dated before the lead'
    from leads as l
    where l.handed_over_at < l.created_at
    union all
    select source_name, source_file, source_row, 'leads', 'annual_revenue: negative' from leads where annual_revenue < 0
),

deal_faults as (
    select d.source_name, d.source_file, d.source_row, 'deals' as entity, 'opportunity dated before its lead' as fault
    from deals as d
    inner join {{ ref('int_lead_deals') }} as k on d.deal_id = k.deal_id and not k.is_after_lead
    union all
    select source_name, source_file, source_row, 'deals', 'closed_at: before created_at'
    from deals where closed_at < created_at
    union all
    select source_name, source_file, source_row, 'deals', 'closed_at: missing for a closed deal'
    from deals where status in ('won', 'lost') and closed_at is null
    union all
    select source_name, source_file, source_row, 'deals', 'amount: negative' from deals where amount < 0
    union all
    select source_name, source_file, source_row, 'deals', 'amount: no rate to the reporting currency for its day'
    from deals where amount is not null and deal_amount is null
    union all
    select d.source_name, d.source_file, d.source_row, 'deals', 'lead_id: no such lead'
    from deals as d
    left join leads as l on d.lead_id = l.lead_id
    where d.lead_id is not null and l.lead_id is null
    union all
    select d.source_name, d.source_file, d.source_row, 'deals', 'lost_reason: not in the agreement''s loss_reasons.csv'
    from deals as d
    left join {{ source('agreement', 'loss_reasons') }} as r on {{ words('d.lost_reason') }} = r.source_word
    where d.lost_reason is not null and r.source_word is null
    union all
    select d.source_name, d.source_file, d.source_row, 'deals', 'forecast_category: not in the agreement''s forecast_categories.csv'
    from {{ ref('core_deals') }} as d
    left join {{ source('agreement', 'forecast_categories') }} as g on {{ words('d.forecast_category') }} = g.source_word
    where d.forecast_category is not null and g.source_word is null
),

change_faults as (
    {% for entity, fields in [('lead_changes', ['status', 'owner', 'industry', 'employee_count', 'annual_revenue', 'job_title', 'lead_source']),
                              ('deal_changes', ['stage', 'amount', 'currency', 'expected_close_on', 'owner', 'forecast_category'])] %}
    select source_name, source_file, source_row, '{{ entity }}' as entity, 'field: not one whose history is kept' as fault
    from {{ ref('core_' ~ entity) }}
    where lower(trim(field)) not in ('{{ fields | join("', '") }}') or field is null
    union all
    {% endfor %}
    select source_name, source_file, source_row, 'deal_changes', 'new: cannot be read as an amount'
    from {{ ref('core_deal_changes') }}
    where lower(trim(field)) = 'amount' and new is not null and {{ number('new') }} is null
    union all
    select source_name, source_file, source_row, 'lead_changes', 'new: cannot be read as a whole number'
    from {{ ref('core_lead_changes') }}
    where lower(trim(field)) = 'employee_count' and new is not null and {{ integer('new') }} is null
    union all
    select c.source_name, c.source_file, c.source_row, 'deal_changes', 'new: not in the agreement''s forecast_categories.csv'
    from {{ ref('core_deal_changes') }} as c
    left join {{ source('agreement', 'forecast_categories') }} as g on {{ words('c.new') }} = g.source_word
    where lower(trim(c.field)) = 'forecast_category' and c.new is not null and g.source_word is null
)

select *, 'kept' as action from lead_faults
union all
select *, 'kept' as action from deal_faults
union all
select *, 'kept' as action from change_faults
union all
select *, 'kept' as action from {{ ref('int_money_faults') }}
union all
select *, 'kept' as action from {{ ref('int_objection_faults') }}
union all
select *, 'kept' as action from {{ ref('int_review_action_faults') }}
