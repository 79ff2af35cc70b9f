-- Whether a source tells at all when a lead enters a stage; where it does not, the rate is unavailable.
with

histories as (
    select distinct ids_of from {{ source('run', 'delivered') }} where entity = 'lead_changes'
),

stage_words as (
    select distinct stage from {{ source('agreement', 'stages') }} where entity = 'lead'
),

fields as (
    select source_name, column_name from {{ source('run', 'delivered_columns') }} where entity = 'leads'
)

select
    r.source_name,
    t.stage,
    case t.stage
        when 'handed_over' then r.is_derivable
        when 'sal' then f.column_name is not null or (h.ids_of is not null and w.stage is not null)
        when 'sql' then f.column_name is not null or (h.ids_of is not null and w.stage is not null)
        else true
    end as is_told,
    case t.stage
        when 'handed_over' then 'unavailable: no handover time'
        when 'sal' then 'unavailable: no acceptance time'
        else 'unavailable: no SQL time'
    end as when_not_told
from {{ ref('int_handover_rules') }} as r
inner join {{ source('run', 'sources') }} as s on r.source_name = s.source_name
cross join (
    {% for stage in ['lead', 'mql', 'handed_over', 'sal', 'sql', 'opportunity', 'won', 'lost'] %}
    select '{{ stage }}' as stage {{ 'union all' if not loop.last }}
    {% endfor %}
) as t
left join histories as h on s.ids_of = h.ids_of
left join stage_words as w on t.stage = w.stage
left join fields as f
    on r.source_name = f.source_name
    and f.column_name = case t.stage when 'sal' then 'accepted_at' when 'sql' then 'claimed_sql_at' end
