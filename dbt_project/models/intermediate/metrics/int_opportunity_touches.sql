-- The eligible touches of a deal's account inside the lookback before its opportunity, in order.
{{ config(materialized='view') }}
select deal_id, touch_id, channel, is_marketing, touch_order
from {{ ref('int_path_touches') }}
where milestone = 'opportunity'
