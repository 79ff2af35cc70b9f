with

lake_rows as (
    select * from {{ source('lake', 'csv_folder__lead_changes') }}
)

{{ stage('csv_folder', 'lead_changes', {}) }}
