"""Today's two lists on one page: what marketing owes sales, and what sales should not have been sent."""

from __future__ import annotations

from pathlib import Path

from onefunnel.home import Home
from onefunnel.pages.published import Published
from onefunnel.pages.write import write_page

# (waiting_status, handover_status) -> how a group is called, in the order in which it should be worked
WAITING = {
    ("qualified", "not handed"): "Qualified and never handed over",
    ("qualified", "recycled"): "Came back from sales and is qualified again",
    ("intent lapsed", "not handed"): "Qualified until its intent lapsed",
    ("intent lapsed", "recycled"): "Came back from sales, qualified again, and its intent lapsed",
}


def write(home: Home, run_id: str, published: Published) -> list[Path]:
    """lists.html with every row of to_hand_over and return_to_nurture, without a name, e-mail or phone of a lead."""
    waiting = published.rows("select * from metrics.to_hand_over order by list_position")
    returning = published.rows("select * from metrics.return_to_nurture order by list_position")
    return [
        write_page(
            home,
            "lists.html",
            "index_lists.html",
            published,
            as_of_at=published.as_of_at,
            as_of_on=published.as_of_on,
            zone=published.zone,
            waiting=grouped(waiting, _waiting),
            waiting_rows=len(waiting),
            returning=by_size(grouped(returning, lambda row: row["owner_name"] or "No owner known")),
            returning_rows=len(returning),
        )
    ]


def grouped(rows: list[dict], name) -> list[tuple[str, list[dict]]]:
    """(name of the group, its rows) in the order in which the groups are first met, rows in theirs."""
    found: dict[str, list[dict]] = {}
    for row in rows:
        found.setdefault(name(row), []).append(row | {"link": safe_link(row["record_url"])})
    order = list(WAITING.values())
    return sorted(found.items(), key=lambda group: order.index(group[0]) if group[0] in order else len(order))


def by_size(groups: list[tuple[str, list[dict]]]) -> list[tuple[str, list[dict]]]:
    """The largest group first; equal ones by name."""
    return sorted(groups, key=lambda group: (-len(group[1]), group[0]))


def safe_link(url: str | None) -> str | None:
    """The record's address where it is one of the web: what stands in an export may be anything."""
    return url if url and url.lower().startswith(("https://", "http://")) else None


def _waiting(row: dict) -> str:
    key = (row["waiting_status"], row["handover_status"])
    return WAITING.get(key, f"{key[0]}, {key[1]}")
