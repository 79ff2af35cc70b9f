-- How far both sides' verdicts agree, now and before.
with

counted as (
    select
        w.sign_window,
        {% for cell in verdict_cells() -%}
        cast(sum(case when p.verdicts = '{{ cell }}' then 1 else 0 end) as bigint) as {{ cell }}{{ ', ' if not loop.last }}
        {% endfor %}
    from {{ ref('int_verdict_pairs') }} as p
    inner join {{ ref('int_sign_windows') }} as w
        on {{ local_day('p.handed_over_at') }} >= w.from_on and {{ local_day('p.handed_over_at') }} < w.until_on
    group by w.sign_window
),

{{ measured_agreement('counted', 'measured') }}

select
    'quality_dispute' as sign,
    sign_window,
    ac1 as figure,
    {{ interval_end('ac1', 'ac1_error', '-') }} as figure_low,
    {{ interval_end('ac1', 'ac1_error', '+') }} as figure_high,
    judged as cases,
    kappa
from measured
