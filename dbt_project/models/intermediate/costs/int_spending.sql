-- All money spent, per record and day up to the last one, in the reporting currency; cost_amount is null without a rate.
with

spent as (
    select
        'ad_spend' as record_kind, source_name || ':' || source_key as record_id, source_name, source_file, source_row,
        spent_on, currency, amount
    from {{ ref('core_ad_spend') }}
    where amount is not null
    union all
    select record_kind, record_id, source_name, source_file, source_row, spent_on, currency, amount
    from {{ ref('int_spread_days') }}
)

select s.*, {{ in_reporting_currency('s.amount', 's.currency', 'r.rate') }} as cost_amount
from spent as s
left join {{ ref('int_fx_rates') }} as r
    on s.currency = r.currency and s.spent_on >= r.from_on and s.spent_on < r.until_on
where s.spent_on <= {{ last_day() }}
