with

lake_rows as (
    select * from {{ source('lake', 'csv_folder__contacts') }}
)

{{ stage('csv_folder', 'contacts', {}) }}
