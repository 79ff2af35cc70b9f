select deal_id(d) as deal_id, instant_of(deal_us(d) + days(s.after_days)) as changed_at, 'stage' as field, s.old, s.new
from range({leads} // 20) as r(d)
cross join (values (5, 'Enquiry Logged', 'Requirement Study'), (10, 'Requirement Study', 'Technical Offer')) as s(after_days, old, new)
where deal_us(d) + days(s.after_days) <= as_of_us()
union all
select deal_id(d), instant_of(closed_us(d)), 'stage', 'Technical Offer', outcome(d)
from range({leads} // 20) as r(d)
where closed_us(d) <= as_of_us()
