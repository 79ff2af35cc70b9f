-- No record stands twice under a measure on one day, but for a deal under each channel that touched it.
select measure, record_kind, record_id, happened_on, channel
from {{ ref('metric_records') }}
group by measure, record_kind, record_id, happened_on, channel
having count(*) > 1
