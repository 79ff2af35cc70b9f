-- Nothing is dropped silently.
select *
from {{ ref('source_rows') }}
where rows_in <> rows_excluded + rows_after_as_of + rows_out
