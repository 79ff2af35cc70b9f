select
    'crm:O' || (900000 + o) as objection_id, by_now(lead_us((o * 8) % {leads}) + days(10)) as raised_at,
    by_now(lead_us((o * 8) % {leads}) + days(10 + 0.5 * u(o, 'late'))) as logged_at, lead_id((o * 8) % {leads}) as lead_id,
    'sales' as team, 'crm:U' || (10 + drawn(o, 'owner') % 11) as owner_id,
    pick(o, 'category', ['Price too high', 'Delivery time', 'No local service', 'Warranty unclear', 'Payment terms']) as category,
    u(o, 'surprised') < .1 as surprised
from range({leads} // 8) as r(o)
