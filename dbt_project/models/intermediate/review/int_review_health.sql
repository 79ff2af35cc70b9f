-- What the newest week's review rests on: how fresh each source is, the agreement, the checks and the faults that are listed.
-- The gate writes the checks when the candidate has passed.
{% set facts = ['agreement_version', 'checks_passed', 'checks_warned', 'data_faults'] %}
with

weeks as (
    select * from {{ ref('int_review_weeks') }} where is_newest
),

newest as (
    select
        source_name,
        sum(records) as records,
        max(newest_record_at) as newest_record_at,
        max(newest_load_at) as newest_load_at,
        min(age_hours) as age_hours
    from {{ ref('source_freshness') }}
    group by source_name
),

sources as (
    select
        w.*,
        n.*,
        {{ local_day('n.newest_record_at') }} as newest_record_on,
        {{ local_day('n.newest_load_at') }} as newest_load_on,
        row_number() over (order by n.source_name) as place
    from weeks as w
    cross join newest as n
),

facts as (
    select w.*, r.agreement_version as in_force, r.data_faults, {{ last_day() }} as as_of_on
    from weeks as w
    cross join {{ ref('run_info') }} as r
)

{% for fact in facts %}
select
    {{ review_figure(
        'health', loop.index, "'" ~ fact ~ "'", 'as_of_on', 'as_of_on', "'count'", period_kind="'instant'",
        value={'agreement_version': 'in_force', 'data_faults': 'data_faults'}.get(fact, 'null'),
        status="'ok'") }}
from facts
union all
{% endfor %}
select
    {{ review_figure(
        'health', '10 + place', "'freshness'", 'coalesce(newest_record_on, week_end_on)',
        'coalesce(newest_record_on, week_end_on)', "'hours'", period_kind="'instant'", dimension="'source'",
        dimension_value='source_name', value='age_hours',
        words="'newest record ' || coalesce(" ~ day_in_words('newest_record_on') ~ ", 'unknown') || ', newest load ' || coalesce("
              ~ day_in_words('newest_load_on') ~ ", 'unknown')",
        status="case when records = 0 then 'no records' when age_hours is null then 'unavailable: no dates' else 'ok' end") }}
from sources
