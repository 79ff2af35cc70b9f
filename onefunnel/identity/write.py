"""Identity's tables in the candidate, between two builds."""

from __future__ import annotations


def write_identity(con) -> None:
    """identity.accounts and identity.people hold every record of int_identity_records once."""
    from onefunnel.identity.match import match

    records = con.execute("select * from funnel.int_identity_records").df()
    shared = frozenset(domain for (domain,) in con.execute("select domain from agreement.shared_domains").fetchall())
    found = match(records, shared)
    con.execute("create schema if not exists identity")
    for table, frame, key in (("accounts", found.accounts, "account_id"), ("people", found.people, "person_id")):
        con.register("found", frame)
        con.execute(
            f"create or replace table identity.{table} as select cast(entity as varchar) as entity, "
            f"cast(record_id as varchar) as record_id, cast({key} as varchar) as {key}, "
            "cast(rule as varchar) as rule, cast(confidence as double) as confidence from found order by 1, 2"
        )
        con.unregister("found")
