"""Ways to break the verdict in dbt, each of which the gate must catch on its own: data, no code."""

from __future__ import annotations

from dataclasses import dataclass

# what the sample company lacks and some mutation needs, added to its exports: file -> rows
PLANTED = {
    "crm/leads.csv": [
        {"lead_id": "P1", "employee_count": "5000", "job_title": "Managing Director", "email": "one@planted.example"},
        {"lead_id": "P2", "employee_count": "900", "job_title": "Internal Auditor", "email": "two@planted.example"},
        {"lead_id": "P3", "employee_count": "900", "job_title": "Director", "email": "shared@planted.example"},
        {"lead_id": "P4", "employee_count": "900", "job_title": "Director", "email": "Shared@planted.example"},
        {"lead_id": "P5", "created_at": "2026-04-02T10:00:00+05:30", "email": "late@planted.example"},
        {"lead_id": "P6", "created_at": "2024-09-25T10:00:00+05:30", "status": "Handed to Sales"},
        {
            "lead_id": "P7",
            "employee_count": "900",
            "job_title": "Director",
            "disposition": "Not Interested",
            "disposed_at": "2026-03-25T10:00:00+05:30",
        },
    ],
    "crm/lead_changes.csv": [
        {
            "lead_id": "P6",
            "changed_at": "2024-10-03T10:00:00+05:30",  # version 2 is dated 1 October, and signed on the 7th
            "field": "status",
            "old": "New",
            "new": "Handed to Sales",
        },
    ],
    "crm/touches.csv": [
        {"touch_id": "PT7", "happened_at": "2026-03-20T10:00:00Z", "kind": "demo_request", "lead_id": "P7"},
        {
            "touch_id": "PT1",
            "happened_at": "2026-03-20T10:00:00Z",
            "kind": "demo_request",
            "email": "shared@planted.example",
        },
    ],
    "crm/deals.csv": [
        {"deal_id": "PD1", "lead_id": "P1", "stage": "Technical Offer", "expected_close_on": ""},
        {"deal_id": "PD2", "lead_id": "P2", "stage": "Negotiation", "created_at": "2025-04-20T10:00:00+05:30"},
        {"deal_id": "PD3", "stage": "Closed Won", "closed_at": "2026-04-03T10:00:00+05:30"},
    ],
    "crm/deal_changes.csv": [
        {
            "deal_id": "PD3",
            "changed_at": "2026-04-03T10:00:00+05:30",
            "field": "stage",
            "old": "Negotiation",
            "new": "Closed Won",
        },
    ],
}
# the cells that a planted row has unless it says otherwise
USUAL = {
    "crm/leads.csv": {
        "created_at": "2025-05-01T10:00:00+05:30",
        "industry": "Chemicals",
        "country": "India",
        "lead_source": "Website",
        "status": "New",
    },
    "crm/deals.csv": {
        "created_at": "2025-05-10T10:00:00+05:30",
        "amount": "450000",
        "currency": "INR",
        "deal_type": "new",
        "expected_close_on": "2026-06-30",
    },
}

MODELS = "models/intermediate"
FUNNEL = "models/marts/funnel"


@dataclass(frozen=True)
class Mutation:
    """In `file` under dbt_project/, `old` becomes `new`; what `select` names is built again; `rule` must fail."""

    name: str
    file: str
    old: str
    new: str
    select: str
    rule: str


MUTATIONS = [
    # the criteria
    Mutation(
        "one criterion is dropped",
        f"{MODELS}/int_qualification.sql",
        "and role_fits and",
        "and",
        "int_qualification+",
        "lead_is_qualified_as_rejudged",
    ),
    Mutation(
        "and becomes or",
        f"{MODELS}/int_qualification.sql",
        "industry_fits and company_size_fits",
        "industry_fits or company_size_fits",
        "int_qualification+",
        "lead_is_qualified_as_rejudged",
    ),
    Mutation(
        "an unknown role counts as a fit",
        f"{MODELS}/int_qualification.sql",
        "r.has_authority as role_fits",
        "coalesce(r.has_authority, true) as role_fits",
        "int_qualification+",
        "lead_role_fits_as_rejudged",
    ),
    Mutation(
        "an unknown industry counts as a misfit",
        f"{MODELS}/int_qualification.sql",
        "when a.version is null or i.industry is null then null",
        "when a.version is null then null",
        "int_qualification+",
        "lead_industry_fits_as_rejudged",
    ),
    Mutation(
        "the precedence of the two sizes is flipped",
        f"{MODELS}/int_qualification.sql",
        "when s.precedence = 'annual_revenue'",
        "when s.precedence = 'employee_count'",
        "int_qualification+",
        "lead_company_size_fits_as_rejudged",
    ),
    Mutation(
        "a foreign turnover is taken for rupees",
        f"{MODELS}/int_lead_attributes.sql",
        "then 1 else r.rate end",
        "then 1 else 1 end",
        "int_lead_attributes+",
        "lead_company_size_fits_as_rejudged",
    ),
    Mutation(
        "the upper bound of the employees is exclusive",
        f"{MODELS}/int_qualification.sql",
        "a.employee_count <= coalesce(b.max_employees, a.employee_count)",
        "a.employee_count < coalesce(b.max_employees, a.employee_count + 1)",
        "int_qualification+",
        "lead_company_size_fits_as_rejudged",
    ),
    Mutation(
        "a title's words are found inside other words",
        "macros/reading.sql",
        "' ' || trim({{ rewritten('lower(' ~ text ~ ')', '[^\\\\p{L}\\\\p{N}]+', ' ') }}) || ' '",
        "trim({{ rewritten('lower(' ~ text ~ ')', '[^\\\\p{L}\\\\p{N}]+', ' ') }})",
        "int_qualification+",
        "lead_role_fits_as_rejudged",
    ),
    Mutation(
        "the last matching rule of a title wins",
        f"{MODELS}/int_qualification.sql",
        "order by r.rule_order)",
        "order by r.rule_order desc)",
        "int_qualification+",
        "lead_role_fits_as_rejudged",
    ),
    Mutation(
        "geography is ignored",
        f"{MODELS}/int_qualification.sql",
        "when p.worst = 0 then false",
        "when p.worst = 0 then true",
        "int_qualification+",
        "lead_geography_fits_as_rejudged",
    ),
    # the version
    Mutation(
        "the newest version judges every instant",
        f"{MODELS}/int_qualification.sql",
        "on a.judged_at >= v.in_force_at and (v.in_force_until_at is null or a.judged_at < v.in_force_until_at)",
        "on v.in_force_until_at is null",
        "int_qualification+",
        "lead_agreement_version_as_rejudged",
    ),
    Mutation(
        "a version holds from its date although it was signed later",
        f"{MODELS}/int_versions.sql",
        "    in_force_at,\n    lead(in_force_at) over (order by in_force_at)",
        "    {{ day_start('effective_from') }} as in_force_at,\n"
        "    lead({{ day_start('effective_from') }}) over (order by in_force_at)",
        "int_versions+",
        "lead_agreement_version_as_rejudged",
    ),
    Mutation(
        "an unsigned draft is judged by",
        f"{MODELS}/int_versions.sql",
        "    in_force_at,\n    lead(in_force_at) over (order by in_force_at) as in_force_until_at\n"
        "from {{ source('agreement', 'versions') }}\nwhere is_signed",
        "    coalesce(in_force_at, {{ day_start(\"'2025-10-01'\") }}) as in_force_at,\n"
        "    case\n"
        "        when is_signed then lead(coalesce(in_force_at, {{ day_start(\"'2025-10-01'\") }}))\n"
        "            over (order by version)\n"
        "    end as in_force_until_at\n"
        "from {{ source('agreement', 'versions') }}",
        "int_versions+",
        "lead_agreement_version_as_rejudged",
    ),
    # the intent
    Mutation(
        "page views count as intent",
        f"{MODELS}/int_intent.sql",
        "select * from {{ source('agreement', 'intent_behaviours') }}",
        "select * from {{ source('agreement', 'intent_behaviours') }}\n"
        "    union all\n"
        "    select version, 'page_view', 1, 60 from {{ source('agreement', 'versions') }}",
        "int_intent+",
        "lead_intent_fits_as_rejudged",
    ),
    Mutation(
        "the minimum count is ignored",
        f"{MODELS}/int_intent.sql",
        "touches >= minimum_count",
        "touches >= 1",
        "int_intent+",
        "lead_intent_fits_as_rejudged",
    ),
    Mutation(
        "the days of a behaviour are ignored",
        f"{MODELS}/int_intent.sql",
        "< cast(b.within_days as bigint) * 86400000000",
        "< cast(b.within_days as bigint) * 86400000000 * 1000",
        "int_intent+",
        "lead_intent_fits_as_rejudged",
    ),
    Mutation(
        "touches after the instant count",
        f"{MODELS}/int_intent.sql",
        "on i.lead_id = t.lead_id and t.happened_at <= i.judged_at",
        "on i.lead_id = t.lead_id",
        "int_intent+",
        "lead_mql_at_as_rejudged",
    ),
    Mutation(
        "touches of another lead with the same e-mail count",
        f"{MODELS}/int_lead_touches.sql",
        "and (e.next_created_at is null or t.happened_at < e.next_created_at)",
        "",
        "int_lead_touches+",
        "lead_intent_fits_as_rejudged",
    ),
    Mutation(
        "touches that carry only an e-mail are lost",
        f"{MODELS}/int_lead_touches.sql",
        "when t.lead_id is null then e.lead_id",
        "when t.lead_id is null then null",
        "int_lead_touches+",
        "lead_intent_fits_as_rejudged",
    ),
    # the instant that is judged
    Mutation(
        "every instant is judged by today's attributes",
        f"{MODELS}/int_lead_attributes.sql",
        "and (c_{{ field }}.from_at is null or c_{{ field }}.from_at <= i.judged_at)\n"
        "        and (c_{{ field }}.until_at is null or c_{{ field }}.until_at > i.judged_at)",
        "and c_{{ field }}.until_at is null",
        "int_lead_attributes+",
        "lead_not_qualified_reasons_as_rejudged",
    ),
    Mutation(
        "a handover is judged as of today",
        f"{FUNNEL}/handovers.sql",
        "h.handed_over_at = v.judged_at",
        "v.judged_at = {{ as_of() }}",
        "handovers",
        "handover_definition_met_as_rejudged",
    ),
    Mutation(
        "mql_at is the last such instant instead of the first",
        f"{MODELS}/int_lead_verdicts.sql",
        "min(v.judged_at) as mql_at",
        "max(v.judged_at) as mql_at",
        "int_lead_verdicts+",
        "lead_mql_at_as_rejudged",
    ),
    Mutation(
        "the first handover decides instead of the latest",
        f"{MODELS}/int_handovers.sql",
        "order by handed_over_at desc) as number_from_last",
        "order by handed_over_at) as number_from_last",
        "int_handovers+",
        "lead_handed_over_at_as_rejudged",
    ),
    # handovers and recycling
    Mutation(
        "a nurture lead counts as handed",
        f"{FUNNEL}/leads.sql",
        "else 'nurture'",
        "else 'unqualified_handed'",
        "leads+",
        "lead_routing_as_rejudged",
    ),
    Mutation(
        "having an owner counts as a handover",
        f"{MODELS}/int_handover_entries.sql",
        "    select * from fields\n",
        "    select * from fields\n"
        "    union\n"
        "    select lead_id, created_at as entered_at from leads where owner_id is not null\n",
        "int_handover_entries+",
        "each_handover_is_in_the_lake",
    ),
    Mutation(
        "a recycling status is ignored",
        f"{MODELS}/int_recycles.sql",
        "s.stage = 'recycled'",
        "s.stage = 'disqualified'",
        "int_recycles+",
        "lead_handover_status_as_rejudged",
    ),
    Mutation(
        "a recycling disposition is ignored",
        f"{MODELS}/int_recycles.sql",
        "on d.is_recycling and",
        "on false and d.is_recycling and",
        "int_recycles+",
        "lead_handover_status_as_rejudged",
    ),
    # rows won and lost
    Mutation(
        "a lead is doubled in a join",
        f"{MODELS}/int_lead_dimensions.sql",
        "left join regions as r on l.lead_id = r.lead_id and r.choice = 1",
        "left join regions as r on l.lead_id = r.lead_id",
        "int_lead_dimensions+",
        "each_lead_published_once",
    ),
    Mutation(
        "one source is lost",
        "models/core/core_leads.sql",
        "{{ core_rows('leads') }}",
        "{{ core_rows('leads') }} and source_name <> 'export_desk'",
        "core_leads+,+leads",
        "each_lead_published_once",
    ),
    Mutation(
        "duplicates of an id are let in",
        "macros/entities.sql",
        "when occurrence > 1 then",
        "when occurrence > 99 then",
        "int_leads_as_of+,+leads int_leads_as_of+,+source_rows",
        "totals_reconcile",
    ),
    Mutation(
        "what happened after AS_OF counts",
        "macros/entities.sql",
        "coalesce({{ spec['exists_from'] }} <= {{ as_of() }}, false)",
        "coalesce({{ spec['exists_from'] }} is not null, false)",
        "int_leads_as_of+,+source_rows int_touches_as_of+,+source_rows",
        "totals_reconcile",
    ),
    Mutation(
        "handovers after AS_OF count",
        f"{MODELS}/int_handover_entries.sql",
        "where entered_at <= {{ as_of() }}",
        "where true",
        "int_handover_entries+",
        "each_handover_is_in_the_lake",
    ),
    Mutation(
        "zoneless times are taken for UTC",
        "macros/reading.sql",
        "{{ at_zone('_timezone', local_time(text)) }}",
        "{{ at_zone(\"'UTC'\", local_time(text)) }}",
        "stg_csv_folder__leads+,+leads",
        "lead_created_at_as_rejudged",
    ),
    Mutation(
        "the day and the month of a date change places",
        "macros/reading.sql",
        "['%d-%m-%Y', '%d-%m-%Y %H:%M', '%d-%m-%Y %H:%M:%S']",
        "['%m-%d-%Y', '%m-%d-%Y %H:%M', '%d-%m-%Y %H:%M']",
        "stg_csv_folder__leads+,+leads",
        "lead_created_at_as_rejudged",
    ),
    # the lists
    Mutation(
        "to_hand_over holds leads that were handed over",
        f"{FUNNEL}/to_hand_over.sql",
        "where l.routing = 'qualified_waiting'",
        "where l.routing in ('qualified_waiting', 'qualified_handed')",
        "to_hand_over",
        "lists_hold_what_the_agreement_says",
    ),
    Mutation(
        "to_hand_over holds leads that sales has closed out",
        f"{FUNNEL}/to_hand_over.sql",
        "where c.lead_id is null",
        "where true",
        "to_hand_over",
        "lists_hold_what_the_agreement_says",
    ),
    Mutation(
        "to_hand_over forgets leads of one source",
        f"{FUNNEL}/to_hand_over.sql",
        "where c.lead_id is null",
        "where c.lead_id is null and w.source_name <> 'crm'",
        "to_hand_over",
        "lists_hold_what_the_agreement_says",
    ),
    Mutation(
        "a lapsed intent never leaves to_hand_over",
        f"{FUNNEL}/to_hand_over.sql",
        "< cast({{ setting('intent_lapsed_days') }} as bigint)",
        "< 1000 * cast({{ setting('intent_lapsed_days') }} as bigint)",
        "to_hand_over",
        "lists_hold_what_the_agreement_says",
    ),
    Mutation(
        "return_to_nurture holds leads with an opportunity",
        f"{FUNNEL}/return_to_nurture.sql",
        "and not s.has_opportunity",
        "",
        "return_to_nurture",
        "lists_hold_what_the_agreement_says",
    ),
    # the counts
    Mutation(
        "leads of no channel are missing from funnel_weekly",
        f"{FUNNEL}/funnel_weekly.sql",
        "from entries\n",
        "from entries where channel <> 'unmapped'\n",
        "funnel_weekly",
        "totals_reconcile",
    ),
    Mutation(
        "the weeks of funnel_weekly are cut in UTC",
        f"{FUNNEL}/funnel_weekly.sql",
        "local_day('entered_at')",
        "'cast(entered_at as date)'",
        "funnel_weekly",
        "totals_reconcile",
    ),
    Mutation(
        "a channel's entries are counted under another",
        f"{FUNNEL}/funnel_weekly.sql",
        "    channel,\n    stage,",
        "    case when channel = 'Webinar' then 'Email' else channel end as channel,\n    stage,",
        "funnel_weekly",
        "totals_reconcile",
    ),
    Mutation(
        "the cohorts' periods are cut in UTC",
        f"{FUNNEL}/funnel_cohorts.sql",
        "{{ local_day('created_at') }} as created_on",
        "cast(created_at as date) as created_on",
        "funnel_cohorts",
        "cohort_size_as_recounted",
    ),
    Mutation(
        "fiscal years begin in January",
        "macros/run.sql",
        "{%- set shift = setting('fiscal_year_start_month') ~ ' - 1' -%}",
        "{%- set shift = '0' -%}",
        "funnel_cohorts",
        "each_cohort_published_once",
    ),
    Mutation(
        "a lead reaches an opportunity at any time after its creation",
        f"{MODELS}/int_lead_reached.sql",
        "< cast({{ setting('maturity_days') }} as bigint)",
        "< 1000 * cast({{ setting('maturity_days') }} as bigint)",
        "int_lead_reached+",
        "cohort_reached_as_recounted",
    ),
    Mutation(
        "a maturing cohort is called final",
        f"{FUNNEL}/funnel_cohorts.sql",
        ">= cast({{ setting('maturity_days') }} as bigint) * 86400000000 then 'final'",
        ">= 0 then 'final'",
        "funnel_cohorts",
        "cohort_status_as_recounted",
    ),
    # the deals
    Mutation(
        "deals without a company are lost in a join",
        "models/marts/pipeline/deals.sql",
        "left join companies as c",
        "inner join companies as c",
        "deals",
        "each_deal_published_once",
    ),
    Mutation(
        "a deal stands at today's stage instead of its stage at AS_OF",
        f"{MODELS}/int_deals.sql",
        "{{ words('s.stage') }} = g.source_word",
        "{{ words('d.stage') }} = g.source_word",
        "int_deals+",
        "deal_status_as_reread",
    ),
    Mutation(
        "a foreign deal is taken for rupees",
        f"{MODELS}/int_deals.sql",
        "then 1 else r.rate end",
        "then 1 else 1 end",
        "int_deals+",
        "deal_amount_as_reread",
    ),
    Mutation(
        "an opportunity needs no expected close date",
        f"{MODELS}/int_deals.sql",
        "where amount is not null and currency is not null and expected_close_on is not null",
        "where currency is not null",
        "int_deals+",
        "lead_opportunity_at_as_rejudged",
    ),
    Mutation(
        "an opportunity dated before its lead counts",
        f"{MODELS}/int_lead_deals.sql",
        "coalesce(d.opportunity_at, d.created_at) >= l.created_at as is_after_lead",
        "true as is_after_lead",
        "int_lead_deals+",
        "lead_opportunity_at_as_rejudged",
    ),
]
