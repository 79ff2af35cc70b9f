with

lake_rows as (
    select * from {{ source('lake', 'csv_folder__campaigns') }}
)

{{ stage('csv_folder', 'campaigns', {}) }}
