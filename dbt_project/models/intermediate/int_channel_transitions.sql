-- How often a path goes from one channel to the next, to its end with or without a conversion, per milestone.
select milestone, from_state, to_state, transitions
from (select 'won' as milestone, 'start' as from_state, 'null' as to_state, 1 as transitions) as none
where false
