-- How both sides kept their promises in each week and in the thirteen weeks up to it.
{% set measures = [('marketing', 'definition_met'), ('sales', 'contact'), ('sales', 'disposition'), ('sales', 'objection_logged'),
                   ('marketing', 'objection_shown')] %}
{% set counts = ['met', 'due', 'pending', 'unavailable'] %}
with

measures as (
    {% for side, measure in measures %}
    select '{{ side }}' as side, '{{ measure }}' as measure, {{ loop.index }} as place {{ 'union all' if not loop.last }}
    {% endfor %}
),

sides as (
    select s.*, {{ rounded('s.target * s.due', 6) }} as promised
    from {{ ref('sla_weekly') }} as s
    where s.owner_id = '(all)' and s.team = case when s.side = 'sales' then '(all)' else s.team end
),

periods as (
    select *, 'week' as period_kind, week_start_on as from_on, 0 as period_order from {{ ref('int_review_weeks') }}
    union all
    select *, 'weeks_13', {{ days_later(-84, 'week_start_on') }}, 1 from {{ ref('int_review_weeks') }}
),

summed as (
    select
        p.week_start_on,
        p.week_end_on,
        p.agreement_version,
        p.period_kind,
        p.from_on,
        m.side,
        m.measure,
        2 * m.place - 1 + p.period_order as position,
        {% for count in counts -%}
        coalesce(sum(case when s.week_start_on >= p.from_on then s.{{ count }} end), 0) as {{ count }},
        {% endfor -%}
        sum(case when s.week_start_on >= p.from_on then s.promised end) as promised,
        max(case when s.week_start_on = p.week_start_on then s.target end) as week_target,
        coalesce(sum(case when s.week_start_on < p.from_on then s.met end), 0) as met_before,
        coalesce(sum(case when s.week_start_on < p.from_on then s.due end), 0) as due_before,
        count(s.week_start_on) as told_weeks
    from periods as p
    cross join measures as m
    left join sides as s
        on
            m.side = s.side and m.measure = s.measure
            and s.week_start_on <= p.week_start_on
            -- the period, and as many days before it
            and s.week_start_on >= {{ days_later('-7 * case when p.period_order = 1 then 13 else 1 end', 'p.from_on') }}
    group by
        p.week_start_on, p.week_end_on, p.agreement_version, p.period_kind, p.from_on, m.side, m.measure, m.place,
        p.period_order
)

select
    {{ review_figure(
        'sla', 'position', "'rate'", 'from_on', 'week_end_on', "'rate'", period_kind='period_kind', dimension="'measure'",
        dimension_value='measure', value=ratio('met', 'due'), numerator='met', denominator='due',
        before=ratio('met_before', 'due_before'),
        target="case when due > 0 then " ~ ratio('promised', 'due') ~ " else week_target end", words='side',
        status="case when due > 0 and pending > 0 then 'maturing' when due > 0 then 'ok' when pending > 0 then 'pending'"
               ~ " when unavailable > 0 or told_weeks = 0 then 'unavailable: not recorded' else 'nothing due' end") }}
from summed
