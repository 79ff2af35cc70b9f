select
    'crm:O' || (900000 + o) as objection_id, by_now(lead_us((o * 8) % {leads}) + days(11 + 0.5 * u(o, 'late'))) as shown_at
from range({leads} // 8) as r(o)
