-- The week's opening, with all that moved it, is its closing.
select week_start_on
from {{ ref('weekly_review') }}
where section = 'advanced' and figure like 'waterfall%'
group by week_start_on
having
    sum(case
        when figure = 'waterfall_closing' then -value_amount
        when figure in ('waterfall_decreased', 'waterfall_pushed_out', 'waterfall_won', 'waterfall_lost', 'waterfall_scrubbed')
            then -value_amount
        else value_amount
    end) <> 0
    or count(*) <> 12
