with

lake_rows as (
    select * from {{ source('lake', 'csv_folder__objections') }}
)

{{ stage('csv_folder', 'objections', {}) }}
