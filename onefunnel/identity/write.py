"""Identity's tables in the candidate, between two builds."""

from __future__ import annotations


def write_identity(con) -> None:
    """identity.accounts and identity.people hold every record of int_identity_records once."""
    con.execute("create schema if not exists identity")
    con.execute(
        "create or replace table identity.accounts as select r.entity, r.record_id, "
        "coalesce(r.company_id, l.company_id, r.lead_id, r.record_id) as account_id, "
        "case when coalesce(r.company_id, l.company_id, r.lead_id) is not null then 'crm link' end as rule, "
        "cast(null as double) as confidence from funnel.int_identity_records r "
        "left join funnel.int_identity_records l on l.entity = 'lead' and l.record_id = r.lead_id"
    )
    con.execute(
        "create or replace table identity.people as select entity, record_id, "
        "coalesce(first(record_id) over (partition by entity, coalesce(lower(email), record_id) order by created_at, record_id), record_id) as person_id, "
        "cast(null as varchar) as rule, cast(null as double) as confidence "
        "from funnel.int_identity_records where entity in ('lead', 'contact')"
    )
