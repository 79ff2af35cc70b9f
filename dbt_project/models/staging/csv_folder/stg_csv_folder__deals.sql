with

lake_rows as (
    select * from {{ source('lake', 'csv_folder__deals') }}
)

{{ stage('csv_folder', 'deals', {}) }}
