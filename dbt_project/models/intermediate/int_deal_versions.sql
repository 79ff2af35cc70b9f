-- Every version of every deal that can be used, also of deals deleted since: for histories that only the lake has kept.
with

{{ dated_versions('deals') }},

usable as (
    select * from dated where source_fault is null and source_key is not null and occurrence = 1
),

newest as (
    select
        source_name,
        source_key,
        is_deleted,
        holds_from_at,
        row_number() over (partition by source_name, source_key order by holds_from_at desc, version_number desc) as recency
    from usable
    where holds_from_at <= {{ as_of() }}
)

-- what is known at AS_OF: the versions by then, and the one that stands for the deal
select
    u.deal_id,
    u.source_name,
    u.ids_of,
    u.source_key,
    u.record_url_template,
    u.version_number,
    u.holds_from_at,
    u.loaded_at,
    -- by when its source had said so: a first version without a date of its own says it of no time before it was read
    least(coalesce(u.updated_at, u.loaded_at), u.loaded_at) as said_at,
    case when n.is_deleted then n.holds_from_at end as scrubbed_at,
    u.company_id,
    u.lead_id,
    u.amount,
    u.amount_text,
    u.currency,
    u.stage,
    u.forecast_category,
    u.deal_type,
    u.created_at,
    u.expected_close_on,
    u.expected_close_on_text,
    u.closed_at,
    u.lead_source,
    u.campaign_id,
    u.owner_id,
    u.record_url
from usable as u
left join newest as n on u.source_name = n.source_name and u.source_key = n.source_key and n.recency = 1
left join {{ ref('core_deals') }} as d on u.deal_id = d.deal_id and u.source_name = d.source_name
where
    not u.is_deleted
    and (
        (d.deal_id is not null and (u.holds_from_at <= {{ as_of() }} or u.version_number = d.version_number))
        or (n.is_deleted and u.holds_from_at <= {{ as_of() }})
    )
