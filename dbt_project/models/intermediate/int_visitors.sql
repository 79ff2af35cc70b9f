-- The visitors who left a touch of an agreed kind without a name, and the account that all their named touches are of.
with

nameless as (
    select distinct nameless_id as anonymous_id from {{ ref('int_named_touches') }} where nameless_id is not null
),

visits as {{ evaluated_first() }} (
    select t.anonymous_id, t.lead_id, t.contact_id, t.email
    from {{ ref('core_touches') }} as t
    inner join nameless as n on t.anonymous_id = n.anonymous_id
),

{{ named_touches('visits', 'named') }}

select anonymous_id, min(account_id) as account_id
from named
where account_id is not null
group by anonymous_id
having min(account_id) = max(account_id)
