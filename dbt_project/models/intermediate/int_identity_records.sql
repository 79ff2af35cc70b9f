-- What identity is decided from: every record of a buyer with what it tells of its person and its firm.
with

leads as (
    select * from {{ ref('core_leads') }}
),

records as (
    select
        'company' as entity, company_id as record_id, created_at, gstin, cast(null as {{ text_type() }}) as email, website,
        name as company_name, city, country, cast(null as {{ text_type() }}) as phone,
        cast(null as {{ text_type() }}) as company_id, cast(null as {{ text_type() }}) as lead_id
    from {{ ref('core_companies') }}
    union all
    select 'contact', contact_id, created_at, null, email, null, null, null, null, phone, company_id, null
    from {{ ref('core_contacts') }}
    union all
    select
        'lead', lead_id, created_at, gstin, email, website, company_name, city, country, phone,
        case when converted_at is null or converted_at <= {{ as_of() }} then converted_company_id end, null
    from leads
    union all
    select 'deal', d.deal_id, d.created_at, null, null, null, null, null, null, null, d.company_id, k.lead_id
    from {{ ref('core_deals') }} as d
    inner join {{ ref('int_deal_leads') }} as k on d.deal_id = k.deal_id
)

select * from records
