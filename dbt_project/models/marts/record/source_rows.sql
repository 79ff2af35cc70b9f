select
    source_name,
    source_entity as delivered_as,
    entity,
    cast(rows_in as bigint) as rows_in,
    cast(rows_excluded as bigint) as rows_excluded,
    cast(rows_after_as_of as bigint) as rows_after_as_of,
    cast(rows_out as bigint) as rows_out
from {{ ref('int_row_balance') }}
