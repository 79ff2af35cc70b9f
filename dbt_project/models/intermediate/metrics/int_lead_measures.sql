-- What is counted of persons' leads: created, become an opportunity in time, qualified, spoken to.
with

leads as (
    select * from {{ ref('int_person_leads') }}
),

contacted as (
    select l.*, {{ days_between('l.created_at', 'c.first_contact_at') }} as days_to_contact
    from leads as l
    inner join {{ ref('int_first_contacts') }} as c on l.lead_id = c.lead_id
),

measured as (
    select {{ measured("'leads created'", "'lead'", 'lead_id', 'created_on', 'account_id') }}
    from leads
    union all
    select {{ measured("'leads that became an opportunity in time'", "'lead'", 'lead_id', 'created_on', 'account_id') }}
    from leads
    where is_opportunity_in_time
    union all
    select {{ measured("'leads qualified'", "'lead'", 'lead_id', 'mql_on', 'account_id') }}
    from leads
    where mql_on is not null
    union all
    select {{ measured("'days to first contact'", "'lead'", 'lead_id', 'created_on', 'account_id', quantity='days_to_contact') }}
    from contacted
)

select * from measured
