with

lake_rows as (
    select * from {{ source('lake', 'csv_folder__fx_rates') }}
)

{{ stage('csv_folder', 'fx_rates', {}) }}
