{{ config(severity="warn") }}
-- What the forecast knew last of a deal's segment is what the pages cut it by.
select d.deal_id, d.segment, s.segment as segment_of_the_forecast
from {{ ref('int_pipeline_deals') }} as d
left join {{ ref('int_deal_segments') }} as s on d.deal_id = s.deal_id and s.until_at is null
where d.segment is distinct from s.segment
