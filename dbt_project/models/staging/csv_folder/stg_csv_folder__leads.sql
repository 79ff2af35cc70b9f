with

lake_rows as (
    select * from {{ source('lake', 'csv_folder__leads') }}
)

{{ stage('csv_folder', 'leads', {}) }}
