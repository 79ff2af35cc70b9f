select
    v.version,
    v.effective_from as effective_from_on,
    v.signed_for_sales_by,
    v.signed_for_sales_on,
    v.signed_for_marketing_by,
    v.signed_for_marketing_on,
    v.note,
    case
        when not v.is_signed then 'draft'
        when v.in_force_at > {{ as_of() }} then 'to come'
        when s.in_force_until_at is null or s.in_force_until_at > {{ as_of() }} then 'in force'
        else 'superseded'
    end as status,
    v.in_force_at,
    s.in_force_until_at
from {{ source('agreement', 'versions') }} as v
left join {{ ref('int_versions') }} as s on v.version = s.version
