with

lake_rows as (
    select * from {{ source('lake', 'csv_folder__users') }}
)

{{ stage('csv_folder', 'users', {}) }}
