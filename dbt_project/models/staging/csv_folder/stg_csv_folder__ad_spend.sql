with

lake_rows as (
    select * from {{ source('lake', 'csv_folder__ad_spend') }}
)

{{ stage('csv_folder', 'ad_spend', {}) }}
