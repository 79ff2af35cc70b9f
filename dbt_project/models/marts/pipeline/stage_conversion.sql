-- What became of the deals that first entered a stage in a period, how long their stays took that led forward, and how many
-- deals of the period went past the stage without ever being in it.
{% set counts = ['entered', 'advanced', 'lost', 'scrubbed', 'still_there', 'open_elsewhere', 're_entered'] %}
with

agreed as (
    select stage, min(stage_order) as stage_order
    from {{ source('agreement', 'stages') }}
    where entity = 'deal' and status = 'open'
    group by stage
),

turns as (
    select * from {{ ref('int_pipeline_turns') }}
),

periods as (
    select * from {{ ref('int_pipeline_periods') }}
),

ends as (
    select deal_id, standing, stage from turns where left_at is null
),

stays as (
    select
        *,
        row_number() over (partition by deal_id, stage order by turn_number) as visit_number,
        count(*) over (partition by deal_id, stage) as visits,
        max(stage_order) over (
            partition by deal_id order by turn_number rows between 1 following and unbounded following
        ) as furthest_since
    from turns
    where stage is not null
),

entries as (
    select
        s.deal_id,
        s.stage,
        s.turned_on as entered_on,
        s.visits - 1 as re_entries,
        case
            when s.furthest_since > s.stage_order or e.standing = 'won' then 'advanced'
            when e.standing <> 'open' then e.standing
            when e.stage = s.stage then 'still_there'
            else 'open_elsewhere'
        end as outcome
    from stays as s
    inner join ends as e on s.deal_id = e.deal_id
    where s.visit_number = 1 and s.is_dated
),

entered as (
    select
        p.period_kind,
        p.period_start_on,
        e.stage,
        count(*) as entered,
        sum(case when e.re_entries > 0 then 1 else 0 end) as re_entered
        {%- for outcome in counts[1:-1] %},
        sum(case when e.outcome = '{{ outcome }}' then 1 else 0 end) as {{ outcome }}
        {%- endfor %}
    from entries as e
    inner join periods as p on e.entered_on >= p.period_start_on and e.entered_on < p.period_end_on
    group by p.period_kind, p.period_start_on, e.stage
),

lasted as (
    select
        p.period_kind,
        p.period_start_on,
        e.stage,
        count(*) as stays,
        {{ percentile('s.stay_days', 0.5) }} as median_days,
        {{ percentile('s.stay_days', 0.9) }} as p90_days
    from entries as e
    inner join periods as p on e.entered_on >= p.period_start_on and e.entered_on < p.period_end_on
    inner join stays as s on e.deal_id = s.deal_id and e.stage = s.stage and s.is_forward
    group by p.period_kind, p.period_start_on, e.stage
),

-- when a deal was first in a stage, and first beyond it; a win counts as long as it stands
reached as (
    select
        t.deal_id,
        a.stage,
        min(case when t.stage_order > a.stage_order or (t.standing = 'won' and t.left_at is null) then t.turned_at end) as beyond_at,
        min(case when t.stage_order > a.stage_order or (t.standing = 'won' and t.left_at is null) then t.turned_on end) as beyond_on,
        min(case when t.stage = a.stage or (t.standing = 'open' and t.stage is null) then t.turned_at end) as not_skipped_at,
        min(t.turned_at) as created_at,
        max(t.stages_known_from_at) as stages_known_from_at
    from turns as t
    cross join agreed as a
    group by t.deal_id, a.stage
),

skipped as (
    select
        p.period_kind,
        p.period_start_on,
        r.stage,
        count(*) as skipped,
        sum(case when r.beyond_at = r.created_at then 1 else 0 end) as began_beyond
    from reached as r
    inner join periods as p on r.beyond_on >= p.period_start_on and r.beyond_on < p.period_end_on
    where (r.not_skipped_at is null or r.not_skipped_at > r.beyond_at) and r.created_at >= r.stages_known_from_at
    group by p.period_kind, p.period_start_on, r.stage
),

counted as (
    select
        p.period_kind,
        p.period_start_on,
        p.is_running,
        p.unknown_deals,
        p.unknown_deals > 0 and p.known_deals = 0 as is_unknown,
        a.stage,
        a.stage_order,
        {% for count in counts -%}
        cast(coalesce(e.{{ count }}, 0) as bigint) as {{ count }},
        {% endfor -%}
        cast(coalesce(e.advanced + e.lost + e.scrubbed, 0) as bigint) as settled,
        cast(coalesce(k.skipped, 0) as bigint) as skipped,
        cast(coalesce(k.began_beyond, 0) as bigint) as began_beyond,
        cast(coalesce(l.stays, 0) as bigint) as forward_stays,
        cast(l.median_days as double) as median_days,
        cast(l.p90_days as double) as p90_days
    from periods as p
    cross join agreed as a
    left join entered as e on p.period_kind = e.period_kind and p.period_start_on = e.period_start_on and a.stage = e.stage
    left join lasted as l on p.period_kind = l.period_kind and p.period_start_on = l.period_start_on and a.stage = l.stage
    left join skipped as k on p.period_kind = k.period_kind and p.period_start_on = k.period_start_on and a.stage = k.stage
)

select
    period_kind,
    period_start_on,
    stage,
    stage_order,
    {% for count in counts + ['settled', 'skipped', 'began_beyond'] -%}
    case when not is_unknown then {{ count }} end as {{ count }},
    {% endfor -%}
    {{ ratio('advanced', 'entered') }} as advanced_rate,
    {{ wilson('advanced', 'entered', '-') }} as advanced_rate_low,
    {{ wilson('advanced', 'entered', '+') }} as advanced_rate_high,
    {{ ratio('advanced', 'settled') }} as settled_rate,
    {{ wilson('advanced', 'settled', '-') }} as settled_rate_low,
    {{ wilson('advanced', 'settled', '+') }} as settled_rate_high,
    case when not is_unknown then forward_stays end as forward_stays,
    median_days,
    p90_days,
    cast(unknown_deals as bigint) as unknown_deals,
    case when is_running or still_there + open_elsewhere > 0 then 'maturing' else 'final' end as maturity,
    case
        when is_unknown then 'unavailable: no history of stages'
        when unknown_deals > 0 then 'partly kept'
        else 'kept'
    end as history_status
from counted
