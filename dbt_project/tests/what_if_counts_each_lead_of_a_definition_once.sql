-- Who would be handed over has an outcome that the definition can claim, or none; who was really handed over is known, or met
-- the definition only afterwards, or is missed, under every definition alike; and so are the opportunities and wins.
select w.*
from {{ ref('definition_what_if') }} as w
inner join {{ ref('definition_what_if') }} as r on w.draft_version = r.draft_version and r.definition_order = 0
where
    w.known + w.met_only_after_handover + w.unobserved <> w.would_be_handed
    or w.would_be_handed > w.leads
    or w.known + w.met_only_after_handover + w.missed_leads <> r.would_be_handed
    or w.opportunities + w.met_only_after_handover_opportunities + w.missed_opportunities <> r.opportunities
    or w.won + w.met_only_after_handover_won + w.missed_won <> r.won
    or w.opportunity_amount + w.missed_opportunity_amount > r.opportunity_amount
    or w.won > w.known or w.opportunities > w.known
    {%- for name in ['handed_rate', 'conversion_rate', 'won_rate', 'missed_opportunity_rate', 'missed_won_rate',
                     'handovers_per_rep_week', 'conversion_difference', 'missed_opportunity_difference'] %}
    or w.{{ name }} < w.{{ name }}_low or w.{{ name }} > w.{{ name }}_high
    {%- endfor %}
    {%- for name in ['opportunity', 'won', 'opportunity_per_known', 'won_per_known', 'missed_opportunity', 'missed_won',
                     'opportunity_per_known_difference'] %}
    or w.{{ name }}_amount < w.{{ name }}_low_amount or w.{{ name }}_amount > w.{{ name }}_high_amount
    {%- endfor %}
