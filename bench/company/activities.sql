select
    'crm:A' || (500000 + a) as activity_id, pick(a, 'kind', ['email', 'call', 'meeting', 'whatsapp']) as kind,
    'outbound' as direction, by_now(lead_us(a % {leads}) + days(20 * pow(u(a, 'when'), 3))) as happened_at,
    u(a, 'robot') < .3 as is_automated, lead_id(a % {leads}) as lead_id, 'crm:U' || (10 + drawn(a, 'owner') % 11) as owner_id
from range({leads} * 8 // 5) as r(a)
