with

lake_rows as (
    select * from {{ source('lake', 'csv_folder__invoices') }}
)

{{ stage('csv_folder', 'invoices', {}) }}
