-- How far both sides' verdicts agree, now and before; and how far if all that is no verdict had been a rejection.
with

counted as (
    select
        w.sign_window,
        {% for cell in verdict_cells() -%}
        cast(sum(case when p.verdicts = '{{ cell }}' then 1 else 0 end) as bigint) as {{ cell }},
        {% endfor -%}
        cast(sum(case when p.verdicts in ('set_aside', 'unknown') and p.definition_met then 1 else 0 end) as bigint) as open_met
    from {{ ref('int_verdict_pairs') }} as p
    inner join {{ ref('int_sign_windows') }} as w
        on {{ local_day('p.handed_over_at') }} >= w.from_on and {{ local_day('p.handed_over_at') }} < w.until_on
    group by w.sign_window
),

readings as (
    select
        sign_window, 'as told' as reading, {{ verdict_cells()[:4] | join(', ') }}, set_aside, unknown
    from counted
    union all
    select
        sign_window, 'all rejected' as reading, both_qualified, definition_only + open_met as definition_only, sales_only,
        neither + set_aside + unknown - open_met as neither, set_aside, unknown
    from counted
),

{{ measured_agreement('readings', 'measured') }}

select
    'quality_dispute' as sign,
    t.sign_window,
    t.ac1 as figure,
    {{ interval_end('t.ac1', 't.ac1_error', '-') }} as figure_low,
    {{ interval_end('t.ac1', 't.ac1_error', '+') }} as figure_high,
    t.judged as cases,
    t.kappa,
    t.set_aside,
    t.unknown,
    r.ac1 as ac1_if_rejected
from measured as t
inner join measured as r on t.sign_window = r.sign_window and r.reading = 'all rejected'
where t.reading = 'as told'
