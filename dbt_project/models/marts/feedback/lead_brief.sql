with

handovers as (
    select * from {{ ref('int_brief_handovers') }}
),

leads as (
    select * from {{ ref('leads') }}
),

verdicts as (
    select * from {{ ref('int_qualification') }}
),

criteria as (
    select * from {{ ref('int_brief_criteria') }}
),

-- who had it then, and who has it now
owners as (
    select handover_id, owner_id, owner_name from {{ ref('int_handover_owners') }} where moment = 'handover'
),

owned as (
    select lead_id, value as owner_id
    from {{ ref('int_lead_values') }}
    where
        field = 'owner'
        and (from_at is null or from_at <= {{ as_of() }}) and (until_at is null or until_at > {{ as_of() }})
),

-- with what words sales had given it back
returned as (
    select n.lead_id, n.handover_number + 1 as handover_number, v.disposition, v.disposed_at
    from {{ ref('int_handovers') }} as n
    inner join {{ ref('handovers') }} as v on n.handover_id = v.handover_id
    where n.recycled_at is not null
),

-- whom to ask before calling
sellers as (
    select account_id, {{ listed_in_order('owner_name', 'owner_name') }} as owner_names
    from (
        select distinct account_id, coalesce(owner_name, owner_id, 'nobody') as owner_name
        from {{ ref('deals') }}
        where status = 'open'
    ) as owned_deals
    group by account_id
),

profiles as (
    select version, {{ listed_in_order('value', 'value') }} as pain_points
    from {{ source('agreement', 'ideal_customer_profile') }}
    where item = 'pain_point'
    group by version
),

told as (
    select (select count(*) from {{ source('run', 'delivered') }} where entity = 'touches') > 0 as has_touches
),

joined as (
    select
        h.handover_id,
        h.lead_id,
        l.source_name,
        l.record_url,
        l.company_name,
        h.segment,
        l.region,
        h.is_open,
        h.is_latest,
        h.handed_over_at,
        cast(h.handover_number as bigint) as handover_number,
        h.previously_recycled_at,
        q.disposition as previously_recycled_because,
        o.owner_id,
        o.owner_name,
        case when n.lead_id is not null then n.owner_id else r.owner_id end as current_owner_id,
        u.name as current_owner_name,
        l.created_at,
        l.channel,
        l.lead_source,
        r.campaign_id,
        g.name as campaign_name,
        v.is_qualified,
        v.not_qualified_reasons,
        {%- for criterion in criteria() %}
        v.{{ criterion }}_fits,
        c.how_{{ criterion }},
        {%- endfor %}
        case when t.has_touches then coalesce(b.person_behaviours, 'none') end as behaviours,
        b.person_last_at as last_behaviour_at,
        case when t.has_touches then coalesce(b.colleagues_behaviours, 'none') end as colleagues_behaviours,
        b.colleagues_last_at as colleagues_last_behaviour_at,
        case when t.has_touches and h.is_open then coalesce(b.since_behaviours, 'none') end as since_behaviours,
        b.since_last_at as since_last_behaviour_at,
        case when v.industry_fits and v.company_size_fits then p.pain_points end as pain_points,
        e.expected_objections,
        e.unexpected_objections,
        cast(e.segment_objections as bigint) as segment_objections,
        cast(coalesce(d.deals, 0) as bigint) as company_deals,
        {% for status in ['won', 'lost', 'open'] -%}
        cast(coalesce(d.{{ status }}_deals, 0) as bigint) as company_{{ status }}_deals,
        {% endfor -%}
        {% for status in ['won', 'lost', 'open'] -%}
        d.{{ status }}_amount as company_{{ status }}_amount,
        {% endfor -%}
        coalesce(d.history, 'none') as company_deal_history,
        d.deal_ids as company_deal_ids,
        s.owner_names as current_company_open_deal_owners,
        cast(coalesce(y.objections, 0) as bigint) as company_objections,
        coalesce(y.history, 'none') as company_objection_history,
        y.objection_ids as company_objection_ids,
        y.answered as company_answered_objections,
        case when {{ setting('publish_marketing_actions') }} then y.answers end as company_objection_answers,
        h.version as agreement_version
    from handovers as h
    inner join leads as l on h.lead_id = l.lead_id
    inner join {{ ref('core_leads') }} as r on h.lead_id = r.lead_id
    inner join verdicts as v on h.lead_id = v.lead_id and h.handed_over_at = v.judged_at
    inner join criteria as c on h.lead_id = c.lead_id and h.handed_over_at = c.judged_at
    inner join owners as o on h.handover_id = o.handover_id
    inner join {{ ref('int_brief_expected') }} as e on h.handover_id = e.handover_id
    cross join told as t
    left join owned as n on h.lead_id = n.lead_id
    left join {{ ref('core_users') }} as u
        on case when n.lead_id is not null then n.owner_id else r.owner_id end = u.user_id
    left join {{ ref('core_campaigns') }} as g on r.campaign_id = g.campaign_id
    left join {{ ref('int_brief_behaviours') }} as b on h.handover_id = b.handover_id
    left join {{ ref('int_brief_deals') }} as d on h.handover_id = d.handover_id
    left join {{ ref('int_brief_objections') }} as y on h.handover_id = y.handover_id
    left join profiles as p on h.version = p.version
    left join sellers as s on h.account_id = s.account_id
    left join returned as q
        on h.lead_id = q.lead_id and h.handover_number = q.handover_number and q.disposed_at <= h.handed_over_at
)

select * from joined
