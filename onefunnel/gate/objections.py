"""The objections that somebody wrote into the log, again from the raw lake, and when marketing first saw each."""

from __future__ import annotations

from dataclasses import dataclass

from onefunnel.judge.read import Lake
from onefunnel.judge.rules import Agreement

LOGGED = """
    with
    shown as (
        select _ids_of, objection_id, min(shown_at) as first_shown_at
        from digests where is_chosen and fate = 'out' group by all
    )
    select o.raised_at, o.logged_at, s.first_shown_at
    from objections as o
    left join shown as s on s._ids_of = o._ids_of and s.objection_id = o._key
    where o.is_chosen and o.fate = 'out' and (o.logged_at is null or o.logged_at <= ?)
"""


@dataclass(frozen=True)
class Objection:
    """One objection, known at AS_OF, under the version in force when it was raised; instants in microseconds."""

    version: int
    raised_at: int
    logged_at: int | None
    first_shown_at: int | None


def read_objections(lake: Lake, agreement: Agreement) -> list[Objection]:
    """Those under a version in force; nothing was promised of any other."""
    rows = lake.con.execute(LOGGED, [lake.as_of]).fetchall()
    ruled = [(agreement.in_force(raised_at), raised_at, *rest) for raised_at, *rest in rows]
    return [Objection(version.number, *told) for version, *told in ruled if version]
