with

lake_rows as (
    select * from {{ source('lake', 'csv_folder__activities') }}
)

{{ stage('csv_folder', 'activities', {}) }}
