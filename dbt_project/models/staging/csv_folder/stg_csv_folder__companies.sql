with

lake_rows as (
    select * from {{ source('lake', 'csv_folder__companies') }}
)

{{ stage('csv_folder', 'companies', {}) }}
