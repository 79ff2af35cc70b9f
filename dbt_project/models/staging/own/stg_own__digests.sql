with

lake_rows as (
    select * from {{ source('lake', 'own__digests') }}
)

{{ stage('own', 'digests', {}) }}
