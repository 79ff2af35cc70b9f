with

lake_rows as (
    select * from {{ source('lake', 'csv_folder__review_actions') }}
)

{{ stage('csv_folder', 'review_actions', {}) }}
