-- What each version's ideal customer profile tells a rep to expect.
select
    version,
    {{ listed_in_order("case when item = 'pain_point' then value end", 'value') }} as pain_points,
    {{ listed_in_order("case when item = 'expected_objection' then value end", 'value') }} as expected_objections
from {{ source('agreement', 'ideal_customer_profile') }}
group by version
