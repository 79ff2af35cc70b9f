-- What is counted of deals whose type is in scope: opportunities, what was open when, won, lost, how long it took, who was touched.
with

deals as (
    select * from {{ ref('int_deal_facts') }} where is_in_scope
),

opportunities as (
    select * from deals where opportunity_at is not null
),

closed as (
    select * from deals where status in ('won', 'lost') and closed_at is not null
),

timed as (
    select *, {{ days_between('created_at', 'closed_at') }} as cycle_days from closed where status = 'won'
),

spans as (
    select
        d.*,
        case when {{ local_day('s.from_at') }} > d.opportunity_on then {{ local_day('s.from_at') }} else d.opportunity_on end as open_on,
        {{ local_day('s.until_at') }} as left_on
    from opportunities as d
    inner join {{ ref('int_deal_statuses') }} as s on d.deal_id = s.deal_id and s.status = 'open'
),

touched as (
    select c.*, i.channel as touched_channel, row_number() over (partition by c.deal_id order by i.channel) as channel_number
    from closed as c
    inner join {{ ref('int_influence') }} as i on c.deal_id = i.deal_id
),

measured as (
    select {{ measured("'opportunities'", "'deal'", 'deal_id', 'opportunity_on', 'account_id', amount='deal_amount') }}
    from opportunities
    union all
    select {{ measured("'open opportunities'", "'deal'", 'deal_id', 'open_on', 'account_id', 'left_on', amount='deal_amount') }}
    from spans
    where left_on is null or left_on > open_on
    union all
    select {{ measured("'deals ' || status", "'deal'", 'deal_id', 'closed_on', 'account_id', amount='deal_amount') }}
    from closed
    union all
    select {{ measured("'days from deal to won'", "'deal'", 'deal_id', 'closed_on', 'account_id', quantity='cycle_days') }}
    from timed
    where cycle_days >= 0
    union all
    select {{ measured("'deals ' || status || ' with a marketing touch'", "'deal'", 'deal_id', 'closed_on', 'account_id', amount='deal_amount') }}
    from touched
    where channel_number = 1
    union all
    select {{ measured("'deals ' || status || ' per touching channel'", "'deal'", 'deal_id', 'closed_on', 'account_id', amount='deal_amount',
                       channel='touched_channel', segment='null', region='null', owner_team='null') }}
    from touched
    union all
    select {{ measured("'pipeline due in the ' || replace(period_kind, '_', ' ')", "'deal'", 'deal_id', 'due_on', 'account_id', amount='due_amount') }}
    from {{ ref('int_due_pipeline') }}
)

select * from measured
