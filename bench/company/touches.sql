with touches as (
    select
        i, (drawn(i, 'lead') % {leads})::bigint as l, u(i, 'named') as named, u(i, 'utm') as utm, shares(u(i, 'kind'), [.715, .784, .85, .887, .912, .933, .953, .973, .991],
    ['page_view', 'email_click', 'form_fill', 'pricing_page', 'campaign_member', 'whatsapp_in', 'webinar', 'call_in',
     'demo_request', 'fair']) as kind,
        u(i, 'when') as w
    from range({touches}) as r(i)
)
select
    'crm:T' || (1000000 + i) as touch_id,
    by_now(lead_us(l) + days(case when w < .15 then 160 * (w - .15) else 16 * pow(-ln(1 - (w - .15) / .85), 1.5) end))
        as happened_at,
    kind,
    case when named < .95 then lead_id(l) end as lead_id,
    case when named between .95 and .98 then email_of(l) end as email,
    case when kind in ('page_view', 'form_fill', 'pricing_page', 'demo_request') and u(i, 'visit') < .93
        then 'crm:v' || l || case when utm < .2 then 'b' else '' end end as anonymous_id,
    case when u(i, 'campaign') < .21 then 'crm:CMP-' || (drawn(i, 'campaign') % 75) end as campaign_id,
    case when utm < .08 then shares(utm, [.03, .05], ['google', 'linkedin', 'newsletter']) end as utm_source,
    case when utm < .08 then shares(utm, [.03, .05], ['cpc', 'paid_social', 'email']) end as utm_medium
from touches
