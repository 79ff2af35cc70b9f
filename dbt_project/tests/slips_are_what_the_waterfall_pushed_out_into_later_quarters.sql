-- Each slip's amount is its movement's; weeks add up to their slips, each slipped deal has one outcome; and slipped, drawn nearer
-- and otherwise moved are, week by week, what the waterfall pushed out.
{% set outcomes = ['won', 'lost', 'scrubbed', 'still_open'] %}
with

weeks as (
    select * from {{ ref('pipeline_slipped_weekly') }}
),

slips as (
    select * from {{ ref('pipeline_slips') }}
),

differences as (
    select
        'movement' as fault, s.slip_id as of_what,
        coalesce(s.slipped_amount, 0) + coalesce(m.movement_amount, 0) as difference
    from slips as s
    left join {{ ref('pipeline_movements') }} as m on s.movement_id = m.movement_id and m.movement = 'pushed_out'
    union all
    select
        'waterfall' as fault, source || cast(week_start_on as {{ text_type() }}) as of_what, sum(amount) as difference
    from (
        select week_start_on, source, coalesce(slipped_amount, 0) + drawn_nearer_amount + otherwise_moved_amount as amount
        from weeks
        union all
        select week_start_on, source, -pushed_out_amount from {{ ref('pipeline_waterfall_weekly') }}
    ) as both_tables
    group by week_start_on, source
    union all
    select
        'told beside it' as fault, source || cast(week_start_on as {{ text_type() }}) as of_what,
        pushed_out_amount - coalesce(slipped_amount, 0) - drawn_nearer_amount - otherwise_moved_amount as difference
    from weeks
    union all
    select
        'slips' as fault, source || cast(week_start_on as {{ text_type() }}) as of_what, sum(amount) as difference
    from (
        select week_start_on, source, coalesce(slipped_amount, 0) + slips as amount from weeks where slips is not null
        union all
        select week_start_on, source, -coalesce(slipped_amount, 0) - 1 from slips
    ) as both_tables
    group by week_start_on, source
    {%- for what in ['deals', 'amount'] %}
    union all
    select
        '{{ what }}' as fault, source || cast(week_start_on as {{ text_type() }}) as of_what,
        slipped_{{ what }}{% for outcome in outcomes %} - {{ outcome }}_{{ what }}{% endfor %} as difference
    from weeks
    {%- endfor %}
)

select * from differences where difference <> 0
