with

lake_rows as (
    select * from {{ source('lake', 'csv_folder__expenses') }}
)

{{ stage('csv_folder', 'expenses', {}) }}
