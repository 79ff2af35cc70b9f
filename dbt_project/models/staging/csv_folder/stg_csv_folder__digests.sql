with

lake_rows as (
    select * from {{ source('lake', 'csv_folder__digests') }}
)

{{ stage('csv_folder', 'digests', {}) }}
