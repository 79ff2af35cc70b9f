"""Every deal again from the raw lake: its status, its amount, when it became an opportunity and closed."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from pathlib import Path

import pandas as pd

from onefunnel import lake as raw
from onefunnel.judge.history import Rates
from onefunnel.judge.instants import instant, local_date
from onefunnel.judge.read import Lake
from onefunnel.judge.rules import Agreement
from onefunnel.judge.signed import rows_of
from onefunnel.judge.verdict import read_rates
from onefunnel.judge.words import money, normal

CELLS = ("lead_id", "amount", "currency", "stage", "expected_close_on", "closed_at", "deal_type")
ZOHO = {
    "lead_id": "lead_id",
    "amount": "amount",
    "stage": "stage",
    "expected_close_on": "closing_date",
    "closed_at": "closing_date",
    "deal_type": "type",
}
ZOHO_TYPES = {"new business": "new", "existing business": "repeat"}
CHANGE = ("deal_id", "field", "old", "new")
CLOSED = ("won", "lost")
PAISA = Decimal("0.01")


@dataclass
class Deal:
    """One deal as it stands at AS_OF, and as its cells read at any instant before; instants in microseconds."""

    cells: dict
    as_of: int
    changes: dict[str, list[tuple[int, str | None, str | None]]] = field(default_factory=dict)
    stage: str | None = None
    status: str | None = None
    deal_amount: Decimal | None = None
    opportunity_at: int | None = None
    closed_at: int | None = None

    @property
    def deal_type(self) -> str | None:
        """As the source says, Zoho's own two words in ours."""
        told = self.cells["deal_type"]
        return ZOHO_TYPES.get((told or "").lower(), told) if self.cells["_kind"] == "zoho_crm" else told

    @property
    def lead_id(self) -> str | None:
        """The lead that the deal itself names."""
        return f"{self.cells['_ids_of']}:{self.cells['lead_id']}" if self.cells["lead_id"] else None

    def at(self, name: str, moment: int) -> str | None:
        """The cell as it stood: the last change's new value, else the first one's old, else the current one."""
        changes = self.changes.get(name)
        if not changes:
            return self.cells[name]
        place = bisect_right(changes, moment, key=lambda change: change[0])
        return changes[place - 1][2] if place else changes[0][1]

    def set_at(self, *names: str) -> int:
        """When the last of these cells took the value it has at AS_OF."""
        changed = [c[0] for name in names for c in self.changes.get(name, []) if c[0] <= self.as_of]
        return max(changed, default=self.cells["born"])

    def instant(self, cell: str | None) -> int | None:
        """The instant that a cell of this deal's source names."""
        return instant(cell, self.cells["zone"], self.cells["day_first"])

    def currency(self, moment: int) -> str | None:
        """As the source writes it, beside the amount or in it, or declares it."""
        told = self.at("currency", moment) if self.changes.get("currency") else _currency(self.cells)
        return told.upper() if told else None


def read_deals(lake: Lake, files: raw.Files, agreement: Agreement, folder: Path) -> dict[str, Deal]:
    """The deals that exist at AS_OF, by deal_id."""
    deals = {row["id"]: Deal(row, lake.as_of) for row in cells_of(lake, files, "deals", CELLS, ZOHO)}
    changes = cells_of(lake, files, "deal_changes", CHANGE, {}, born="changed_at", fates=("out", "after"))
    for row in sorted(changes, key=lambda row: (row["born"], row["row"])):
        if deal := deals.get(f"{row['_ids_of']}:{row['deal_id']}"):
            deal.changes.setdefault(row["field"].strip().lower(), []).append((row["born"], row["old"], row["new"]))
    lines = [line for line in rows_of(folder, "stages") if line["entity"] == "deal"]
    statuses = {normal(line["source_word"]): normal(line["status"]) for line in lines}
    logged = {(row["_ids_of"], row["field"].strip().lower()) for row in changes}
    _add_versions(deals, cells_of(lake, files, "deals", CELLS, ZOHO, told="t.is_told"), logged, statuses)
    stages = {normal(line["source_word"]): line["stage"] for line in lines}
    rates = read_rates(lake, agreement)
    for deal in deals.values():
        word = normal(deal.at("stage", lake.as_of))
        deal.stage, deal.status = stages.get(word), statuses.get(word)
        deal.deal_amount = _amount(deal, agreement, rates)
        deal.opportunity_at = _opportunity_at(deal)
        deal.closed_at = _closed_at(deal, statuses)
    return deals


def _currency(cells: dict) -> str | None:
    return cells["currency"] or money(cells["amount"])[1] or cells["_currency"]


def _add_versions(deals: dict[str, Deal], rows: list[dict], logged: set, statuses: dict) -> None:
    """Where no source logs a field, a change for every value that differs from the version before.

    logged: (whose ids, field). A closing is of the record's own date where that is news of the version.
    """
    versions = defaultdict(list)
    for row in rows:
        versions[row["id"], row["_source"]].append(row)
    for (key, source), told in versions.items():
        deal = deals.get(key)
        if deal is None or deal.cells["_source"] != source or len(told) < 2:
            continue
        told.sort(key=lambda row: (row["version_at"], row["version_no"]))
        for name in ("stage", "amount", "currency", "expected_close_on"):
            if (deal.cells["_ids_of"], name) not in logged:
                deal.changes[name] = _changes(deal, name, told, statuses)


def _changes(deal: Deal, name: str, told: list[dict], statuses: dict) -> list[tuple[int, str | None, str | None]]:
    """(when, old, new) of one field from version to version."""

    def closed(row: dict) -> int | None:
        is_closed = name == "stage" and statuses.get(normal(row["stage"])) in CLOSED
        return deal.instant(row["closed_at"]) if is_closed else None

    found, first = [], closed(told[0])
    has_moved = len({row["stage"] for row in told} - {None}) > 1
    if first is not None and has_moved and deal.cells["born"] < first <= told[0]["version_at"]:
        found.append((first, None, told[0]["stage"]))  # it had been open, in a stage that nobody knows
    for before, after in pairwise(told):
        if _value(deal, name, before) != _value(deal, name, after):
            at, dated = after["version_at"], closed(after)
            at = dated if dated is not None and before["version_at"] < dated <= at else at
            old, new = (_currency(row) if name == "currency" else row[name] for row in (before, after))
            found.append((at, old, new))
    return found


def _value(deal: Deal, name: str, row: dict):
    """What a cell comes to, however it is written."""
    if name == "amount":
        amount = money(row["amount"])[0]
        return None if amount is None else amount.quantize(PAISA, ROUND_HALF_UP)
    if name == "expected_close_on":
        return deal.instant(row["expected_close_on"])
    return (_currency(row) or "").upper() if name == "currency" else row[name]


def deals_frame(deals: dict[str, Deal]) -> pd.DataFrame:
    """One row per deal: deal_id, stage, status, deal_type, deal_amount, created_at, opportunity_at, closed_at."""
    keys = sorted(deals)
    return pd.DataFrame(
        {
            "deal_id": pd.Series(keys, dtype=object),
            "stage": pd.Series([deals[key].stage for key in keys], dtype=object),
            "status": pd.Series([deals[key].status for key in keys], dtype=object),
            "deal_type": pd.Series([deals[key].deal_type for key in keys], dtype=object),
            "deal_amount": pd.Series([_plain(deals[key].deal_amount) for key in keys], dtype=object),
            "created_at": moments([deals[key].cells["born"] for key in keys]),
            "opportunity_at": moments([deals[key].opportunity_at for key in keys]),
            "closed_at": moments([deals[key].closed_at for key in keys]),
        }
    )


def moments(values: list) -> pd.Series:
    """Microseconds since 1970, None where unknown, as instants."""
    return pd.to_datetime(pd.Series(values, dtype="Int64"), unit="us", utc=True)


def cells_of(
    lake: Lake, files: raw.Files, entity: str, names, zoho, born="created_at", fates=("out",), told="t.is_chosen"
) -> list[dict]:
    """The raw cells of the records that count at AS_OF, with their id, birth, version, row, zone and currency.

    zoho: our name -> the lake's; what it lacks, Zoho's exports do not tell. A custom field of
    sources.yml (our__<name>) goes before either.
    """
    found = []
    for source in sorted(files):
        if entity not in files[source]:
            continue
        kind = lake.con.execute(f"select max(_kind) from {entity} where _source = ?", [source]).fetchone()[0]
        theirs = {name: zoho.get(name, f"our__{name}") if kind == "zoho_crm" else name for name in names}
        columns = dict.fromkeys(["_key", "_occurrence", "_version", *(f"our__{n}" for n in names), *theirs.values()])
        rows = lake.con.execute(
            f"""
            select t._ids_of || ':' || t._key as id, t._source, t._ids_of, t._kind, t._currency, t.{born} as born,
                t.version_at, t.version_no,
                try_cast(t._row as bigint) as row, coalesce(t._timezone, 'Asia/Kolkata') as zone,
                coalesce(t._day_first = 'true', false) as day_first,
                {", ".join(f"coalesce(r.our__{n}, r.{raw.quoted(theirs[n])}) as told_{n}" for n in names)}
            from {entity} as t
            inner join ({raw.rows_of(lake.con, files[source][entity], list(columns))}) as r
                on t._key = r._key and t.version_no = coalesce(try_cast(r._version as bigint), 1)
                and coalesce(t._occurrence, '1') = coalesce(r._occurrence, '1')
            where t._source = ? and {told} and list_contains(?, t.fate)
            """,
            [source, list(fates)],
        )
        heads = [column[0].removeprefix("told_") for column in rows.description]
        found += [dict(zip(heads, row, strict=True)) for row in rows.fetchall()]
    return found


def _amount(deal: Deal, agreement: Agreement, rates: Rates) -> Decimal | None:
    """In the reporting currency, at the rate of the day on which amount and currency were last set."""
    amount, currency = money(deal.at("amount", deal.as_of))[0], deal.currency(deal.as_of)
    if amount is None or currency is None:
        return None
    amount = amount.quantize(PAISA, ROUND_HALF_UP)
    if currency == agreement.currency:
        return amount
    rate = rates.on(currency, local_date(deal.set_at("amount", "currency"), agreement.zone))
    return None if rate is None else (amount * rate).quantize(PAISA, ROUND_HALF_UP)


def _opportunity_at(deal: Deal) -> int | None:
    """The first instant at which amount, currency and expected close date were known."""
    changed = {c[0] for changes in deal.changes.values() for c in changes if c[0] <= deal.as_of}
    for moment in sorted(changed | {deal.cells["born"], deal.as_of}):
        due = deal.instant(deal.at("expected_close_on", moment))
        if due is not None and deal.currency(moment) and money(deal.at("amount", moment))[0] is not None:
            return moment
    return None


def _closed_at(deal: Deal, statuses: dict) -> int | None:
    """Of a deal that is won or lost: when the source says, else when it last came there."""
    if deal.status not in CLOSED:
        return None
    told = deal.instant(deal.cells["closed_at"])
    if told is not None and told <= deal.as_of:
        return told
    moves = [
        (at, statuses.get(normal(old)), statuses.get(normal(new))) for at, old, new in deal.changes.get("stage", [])
    ]
    return max((at for at, old, new in moves if at <= deal.as_of and new in CLOSED and new != old), default=None)


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"
