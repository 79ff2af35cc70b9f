-- Numerators lie within denominators, and only a mature cohort has a rate.
select *
from {{ ref('funnel_cohorts') }}
where reached > cohort_size or (rate is not null) <> (status = 'final')
