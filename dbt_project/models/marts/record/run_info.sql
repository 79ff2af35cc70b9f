-- The gate's own figures (checks_passed, checks_warned) are filled in when the candidate has passed.
with

faults as (
    select count(*) as data_faults from {{ ref('data_faults') }}
),

in_force as (
    select max(version) as agreement_version from {{ ref('agreement_versions') }} where status = 'in force'
)

select
    c.run_id,
    c.as_of_at,
    c.built_at,
    v.agreement_version,
    c.agreement_hash,
    c.load_ids,
    c.company_name,
    c.reporting_currency,
    c.timezone,
    c.maturity_days,
    c.promise_weeks,
    cast(null as integer) as checks_passed,
    cast(null as integer) as checks_warned,
    cast(f.data_faults as bigint) as data_faults
from {{ source('run', 'context') }} as c
cross join faults as f
cross join in_force as v
