with

milestones as (
    select * from {{ ref('int_deal_milestones') }}
),

path as (
    select * from {{ ref('int_path_touches') }}
),

touched as (
    select distinct path_number from path
),

shares as (
    select path_number, model, touch_order, units as share_units
    from {{ ref('int_touch_units') }}
    union all
    -- nobody touched it: the whole goes to a row of its own
    select m.path_number, w.model, null as touch_order, 1000000000 as share_units
    from milestones as m
    inner join {{ ref('int_model_weights') }} as w on m.milestone = w.milestone
    left join touched as t on m.path_number = t.path_number
    where t.path_number is null
),

priced as (
    select s.*, cast(abs(m.deal_amount) * 100 as bigint) as paisa
    from shares as s
    inner join milestones as m on s.path_number = m.path_number
),

{{ divide_exactly('priced', ['path_number', 'model'], 'paisa', 'share_units', ['touch_order'],
                  all_weights=1000000000, product_type='bigint') }},

joined as (
    select
        m.deal_id,
        m.milestone,
        m.milestone_at,
        s.model,
        p.touch_id,
        p.happened_at as touched_at,
        coalesce(p.channel, 'no marketing touch') as channel,
        p.campaign_id,
        cast(cast(s.share_units as decimal(10, 0)) * cast(0.000000001 as decimal(9, 9)) as decimal(10, 9)) as credit_share,
        cast(
            cast(s.units * case when m.deal_amount < 0 then -1 else 1 end as decimal(18, 0)) * cast(0.01 as decimal(2, 2))
            as decimal(18, 2)
        ) as credit_amount,
        m.deal_amount,
        m.deal_type
    from divided as s
    inner join milestones as m on s.path_number = m.path_number
    left join path as p on s.path_number = p.path_number and s.touch_order = p.touch_order
)

select * from joined
