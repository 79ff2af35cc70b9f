select (date '2023-04-01' + to_months(n::int))::date as month, team, kind, 400000::decimal(18, 2) as amount, 'INR' as currency
from range(36) as r(n)
cross join (values ('marketing', 'salaries'), ('marketing', 'tools'), ('sales', 'salaries'), ('marketing', 'events')) as t(team, kind)
