with

lake_rows as (
    select * from {{ source('lake', 'csv_folder__deal_changes') }}
)

{{ stage('csv_folder', 'deal_changes', {}) }}
