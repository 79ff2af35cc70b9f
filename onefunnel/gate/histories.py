"""What each deal was before: from its source's log of changes, else from its successive versions in the lake."""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_UP
from itertools import pairwise

from onefunnel import lake as raw
from onefunnel.gate.cells import FATES, cells_of
from onefunnel.gate.deal import PAISA, Deal, currency_of, money_of
from onefunnel.judge.read import Lake
from onefunnel.judge.words import normal

CELLS = (
    *("lead_id", "amount", "currency", "stage", "expected_close_on", "closed_at", "deal_type"),
    *("forecast_category", "lead_source", "campaign_id"),
)
ZOHO = {
    "lead_id": "lead_id",
    "amount": "amount",
    "stage": "stage",
    "expected_close_on": "closing_date",
    "closed_at": "closing_date",
    "deal_type": "type",
    "lead_source": "lead_source",
    "campaign_id": "campaign_id",
}
CHANGE = ("deal_id", "field", "old", "new")
FIELDS = ("stage", "amount", "currency", "expected_close_on", "forecast_category")
CLOSED = ("won", "lost")
Versions = dict[tuple[str, str], list[dict]]  # of a deal_id in a source, in the order in which they held


def read_known(lake: Lake, files: raw.Files, statuses: dict[str, str]) -> dict[str, Deal]:
    """Every deal known by AS_OF with its changes: those that exist, and those deleted since as they last were."""
    versions = _versions(lake, files)
    living = cells_of(lake, files, "deals", CELLS, ZOHO)
    deals = {row["id"]: Deal(row, lake.as_of) for row in living}
    gone = _gone(lake, versions, deals)
    deals |= gone
    lines = cells_of(lake, files, "deal_changes", CHANGE, {}, born="changed_at", fates=("out", "after"))
    lines += _removed(lake, files, gone, lines)
    for row in sorted(lines, key=lambda row: (row["born"], row["row"])):
        if deal := deals.get(_deal_id(row)):
            deal.changes.setdefault(_field(row), []).append((row["born"], row["old"], row["new"]))
    logged = {(row["_ids_of"], _field(row)) for row in lines}
    for key, deal in deals.items():
        told = [row for row in versions.get((key, deal.cells["_source"]), []) if _is_known(row, deal)]
        deal.linked_at = _linked_at(deal, told)
        if len(told) > 1:
            for name in FIELDS:
                if (deal.cells["_ids_of"], name) not in logged:
                    deal.changes[name] = _changes(deal, name, told, statuses)
        deal.is_closed_since = _is_closed_since(deal, statuses)
    return deals


def _is_closed_since(deal: Deal, statuses: dict[str, str]) -> bool:
    """Whether its record says that it closed after AS_OF, and had not been read nor dated by then."""
    if statuses.get(normal(deal.cells["stage"])) not in CLOSED:
        return False
    closed_at, loaded_at = deal.instant(deal.cells["closed_at"]), deal.instant(deal.cells["loaded_at"])
    said_at = min(loaded_at, deal.cells["updated_at"] or loaded_at)
    return closed_at is not None and closed_at > deal.as_of and said_at > deal.as_of


def _deal_id(line: dict) -> str:
    return f"{line['_ids_of']}:{line['deal_id']}"


def _field(line: dict) -> str:
    return line["field"].strip().lower()


def _is_known(row: dict, deal: Deal) -> bool:
    return row["version_at"] <= deal.as_of or row["version_no"] == deal.cells["version_no"]


def _versions(lake: Lake, files: raw.Files) -> Versions:
    """Every version that says something; a first one that nobody dated says it of no time."""
    found = defaultdict(list)
    dated = "t.is_told and (t.version_no > 1 or coalesce(t.updated_at, t.created_at) is not null)"
    for row in cells_of(lake, files, "deals", CELLS, ZOHO, fates=FATES, told=dated):
        found[row["id"], row["_source"]].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (row["version_at"], row["version_no"]))
    return found


def _gone(lake: Lake, versions: Versions, living: dict[str, Deal]) -> dict[str, Deal]:
    """The deals of which the newest thing known is that their source no longer has them."""
    deletions = lake.con.execute(
        """select _ids_of || ':' || _key, _source, max((version_at, version_no))
        from deals_gone where is_deleted and is_sound and version_at <= ? group by all""",
        [lake.as_of],
    ).fetchall()
    found: dict[str, Deal] = {}
    for key, source, (gone_at, number) in sorted(deletions, key=lambda row: row[1], reverse=True):
        known = [row for row in versions.get((key, source), []) if row["version_at"] <= lake.as_of]
        if key in living or not known or _order(known[-1]) > (gone_at, number):
            continue
        born = [row for row in known if row["born"] is not None and row["born"] <= lake.as_of]
        if born and (key not in found or _order(born[-1]) >= _order(found[key].cells)):
            found[key] = Deal(born[-1], lake.as_of, gone_at=gone_at)
    return found


def _order(row: dict) -> tuple[int, int]:
    return row["version_at"], row["version_no"]


def _removed(lake: Lake, files: raw.Files, gone: dict[str, Deal], standing: list[dict]) -> list[dict]:
    """The lines of a log that went with their deal, or after it; what was taken back before it went is not told."""
    if not gone:
        return []
    rows = lake.con.execute(
        """select _source, _ids_of || ':' || _key, coalesce(_occurrence, '1'), version_at, version_no
        from deal_changes_gone where is_deleted and version_at <= ?""",
        [lake.as_of],
    ).fetchall()
    deletions = defaultdict(list)
    for *line, at, number in rows:
        deletions[tuple(line)].append((at, number))
    newest: dict[tuple, dict] = {}
    living = "t.is_sound and not t.is_deleted"
    for row in cells_of(lake, files, "deal_changes", CHANGE, {}, born="changed_at", fates=FATES, told=living,
                        table="deal_changes_gone"):  # fmt: skip
        deal, line = gone.get(_deal_id(row)), _line(row)
        if deal is None or row["born"] is None or not any(
            at >= deal.gone_at and number > row["version_no"] for at, number in deletions[line]
        ):  # fmt: skip
            continue
        if line not in newest or newest[line]["version_no"] < row["version_no"]:
            newest[line] = row
    stands = {_line(row) for row in standing}
    return [row for line, row in newest.items() if line not in stands]


def _line(row: dict) -> tuple[str, str, str]:
    return row["_source"], row["id"], row["occurrence"]


def _linked_at(deal: Deal, told: list[dict]) -> int | None:
    """When a version first named the deal's lead, if an earlier one had named none."""
    if not deal.cells["lead_id"]:
        return None
    linked = [row["version_at"] for row in told if row["lead_id"] == deal.cells["lead_id"]]
    unlinked = [row["version_at"] for row in told if not row["lead_id"]]
    return min(linked) if linked and unlinked and min(unlinked) < min(linked) else None


def _changes(deal: Deal, name: str, told: list[dict], statuses: dict) -> list[tuple[int, str | None, str | None]]:
    """(when, old, new) of one field from version to version."""

    def closed(row: dict) -> int | None:
        is_closed = name == "stage" and statuses.get(normal(row["stage"])) in CLOSED
        return deal.instant(row["closed_at"]) if is_closed else None

    found, first = [], closed(told[0])
    has_moved = len({row["stage"] for row in told} - {None}) > 1
    if first is not None and has_moved and deal.cells["born"] < first <= told[0]["version_at"]:
        found.append((first, None, told[0]["stage"]))  # it had been open, in a stage that nobody knows
    if name == "forecast_category" and told[0][name] is not None and statuses.get(normal(told[0]["stage"])) in CLOSED:
        said_at = max(told[0]["version_at"], deal.instant(told[0]["closed_at"]) or told[0]["version_at"])
        found.append((min(said_at, told[1]["version_at"]), None, told[0][name]))  # what it is called as a closed one
    for before, after in pairwise(told):
        if _value(deal, name, before) != _value(deal, name, after):
            at, dated = after["version_at"], closed(after)
            at = dated if dated is not None and before["version_at"] < dated <= at else at
            old, new = (currency_of(row) if name == "currency" else row[name] for row in (before, after))
            found.append((at, old, new))
    return found


def _value(deal: Deal, name: str, row: dict):
    """What a cell comes to, however it is written."""
    if name == "amount":
        amount = money_of(row["amount"])[0]
        return None if amount is None else amount.quantize(PAISA, ROUND_HALF_UP)
    if name == "expected_close_on":
        return deal.instant(row["expected_close_on"])
    return (currency_of(row) or "").upper() if name == "currency" else row[name]
