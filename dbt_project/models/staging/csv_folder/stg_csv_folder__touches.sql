with

lake_rows as (
    select * from {{ source('lake', 'csv_folder__touches') }}
)

{{ stage('csv_folder', 'touches', {}) }}
