"""What a source's export would have held at an earlier moment: the raw files alone, nothing of the project is used.

An export is a folder of CSV files. A record is there from its creation, an event from its own instant; cells that a
later event filled are empty; a field of which a log is kept goes back to what it was. A field without a log stays as
the newest export by then has it, else as the earliest later one: nobody knows better.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Kolkata")
CLOSED = {"Closed Won", "Closed Lost", "Regretted by Us", "Order Confirmed", "Order Lost"}
OPEN_AT_THE_DESK = "Offer Sent"


@dataclass(frozen=True)
class File:
    """born: the column from which a row is there. after: column of an instant -> the cells that came with it.

    key: of records, which later exports may change; events have none. log: (file, its field -> our column).
    """

    born: str
    key: str | None = None
    after: dict[str, tuple[str, ...]] = field(default_factory=dict)
    log: tuple[str, dict[str, str]] | None = None
    of: str | None = None  # of a log's line: the file of its record


LEAD_FIELDS = {name: name for name in ("status", "industry", "employee_count", "annual_revenue", "job_title")}
DEAL_FIELDS = {name: name for name in ("stage", "amount", "currency", "expected_close_on")}
LEAD_INSTANTS = {
    **dict.fromkeys(("claimed_mql_at", "handed_over_at", "accepted_at", "claimed_sql_at"), ()),
    **dict.fromkeys(("consent_given_at", "consent_withdrawn_at"), ()),
    "disposed_at": ("disposition", "disposition_reason"),
    "converted_at": ("converted_deal_id", "converted_company_id"),
}
CLOSING = {"closed_at": ("lost_reason",)}
FILES = {
    "crm/leads.csv": File(
        "created_at", "lead_id", LEAD_INSTANTS, ("crm/lead_changes.csv", LEAD_FIELDS | {"owner": "owner_id"})
    ),
    "crm/deals.csv": File(
        "created_at", "deal_id", CLOSING, ("crm/deal_changes.csv", DEAL_FIELDS | {"owner": "owner_id"})
    ),
    "crm/lead_changes.csv": File("changed_at", of="crm/leads.csv"),
    "crm/deal_changes.csv": File("changed_at", of="crm/deals.csv"),
    "crm/companies.csv": File("created_at", "company_id"),
    "crm/contacts.csv": File("created_at", "contact_id"),
    "crm/activities.csv": File("happened_at"),
    "crm/touches.csv": File("happened_at"),
    "crm/objections.csv": File("logged_at", "objection_id", {"answered_at": ("marketing_action",)}),
    "crm/digests.csv": File("shown_at"),
    "export_desk/leads.csv": File("entered_on", "enquiry_no", LEAD_INSTANTS),
    "export_desk/deals.csv": File("entered_on", "order_no", CLOSING),
    "export_desk/touches.csv": File("happened_at"),
    "export_desk/digests.csv": File("shown_at"),
    "finance/invoices.csv": File("issued_on"),
    "finance/ad_spend.csv": File("spent_on"),
    "finance/fx_rates.csv": File("rate_on"),
}
Rows = list[dict[str, str]]
Export = dict[str, Rows]  # by file; a row by its column in our words


def read(folder: Path) -> Export:
    found = {}
    for path in sorted(folder.glob("*/*.csv")):
        with open(path, encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file)
        columns = [column.strip().lower().replace(" ", "_") for column in header]
        # what is torn, or bears no date, is of no moment; of a key that stands twice the first row is the record
        told = [dict(zip(columns, row)) for row in rows if len(row) == len(columns)]
        name = f"{path.parent.name}/{path.name}"
        found[name] = _sound(told, FILES.get(name))
    return found


def _sound(rows: Rows, spec: File | None) -> Rows:
    if spec is None:
        return rows
    rows = [row for row in rows if instant(row[spec.born])]
    firsts = {row[spec.key]: row for row in reversed(rows)} if spec.key else {}
    return [row for row in rows if not spec.key or firsts[row[spec.key]] is row]


def write(export: Export, like: Path, folder: Path) -> Path:
    """The files as they stand in `like`, with these rows."""
    for name, rows in export.items():
        with open(like / name, encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file))
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        with open(folder / name, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerows([header, *([*row.values()] for row in rows)])
    return folder


def instant(cell: str) -> datetime | None:
    """As the sample's systems write it; what bears no zone is Indian time, and the desk has the day first."""
    text = cell.strip()
    is_day_first = text[2:3] == text[5:6] == "-"
    try:
        form = "%d-%m-%Y %H:%M" if ":" in text else "%d-%m-%Y"
        moment = datetime.strptime(text, form) if is_day_first else datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


def is_there(cell: str, moment: datetime) -> bool:
    """A day without an hour counts from its first instant; one that begins at the moment itself has not come."""
    at = instant(cell)
    return at is not None and (at < moment if len(cell.strip()) == 10 else at <= moment)


def at_moment(moment: datetime, exports: list[tuple[datetime, Export]]) -> Export:
    """What an export of the moment held, told from the exports that were really made, in their order."""
    earlier = [export for made_at, export in exports if made_at <= moment]
    later = [export for made_at, export in exports if made_at > moment]
    newest = later[-1] if later else earlier[-1]
    records = {name: _records(name, spec, moment, earlier, later) for name, spec in FILES.items() if spec.key}
    found = {}
    for name, rows in newest.items():
        if name in records:
            found[name] = records[name]
        elif name in FILES:
            found[name] = _events(name, FILES[name], moment, earlier, newest, records)
        else:
            found[name] = rows
    _forget_categories(found, earlier, newest)
    return found


def _records(name: str, spec: File, moment: datetime, earlier: list[Export], later: list[Export]) -> Rows:
    """Each as its newest version by then, else as the earliest later one; what its log tells, as the log has it.

    One that an export had and the next one by then had not is gone, whatever came later.
    """
    last = {row[spec.key]: row for row in earlier[-1][name]} if earlier else {}
    gone = {row[spec.key] for export in earlier for row in export[name]} - set(last)
    found = dict(last)
    for export in later:
        for row in export[name]:
            is_new = row.get("updated_at") and is_there(row["updated_at"], moment)
            if row[spec.key] not in gone and (row[spec.key] not in found or is_new):
                found[row[spec.key]] = row
    log = _log(spec, [*earlier, *later])
    rows = [row for row in found.values() if is_there(row[spec.born], moment)]
    rows = (
        [row if row is last.get(row[spec.key]) else _reopened(row, moment) for row in rows]
        if "closed_at" in spec.after
        else rows
    )
    return [_emptied(_rewound(row, spec, log, moment), spec, moment) for row in rows]


def _reopened(row: dict, moment: datetime) -> dict:
    """Of a deal that closed since, and had not been heard of, nobody knows in which stage it was open."""
    is_dated_by_then = row.get("updated_at") and is_there(row["updated_at"], moment)
    is_closed_since = row["stage"] in CLOSED and row["closed_at"] and not is_there(row["closed_at"], moment)
    return row | {"stage": ""} if is_closed_since and not is_dated_by_then else row


def _log(spec: File, exports: list[Export]) -> dict[tuple[str, str], Rows]:
    """The lines of each record and column, from the newest export that has any of the record's."""
    found: dict[tuple[str, str], Rows] = {}
    for export in exports if spec.log else []:
        lines = defaultdict(list)
        for line in export[spec.log[0]]:
            column = spec.log[1].get(line["field"].strip().lower())
            lines[line[spec.key], column].append(line)
        found |= lines
    return {key: sorted(lines, key=lambda line: instant(line["changed_at"])) for key, lines in found.items()}


def _rewound(row: dict, spec: File, log: dict, moment: datetime) -> dict:
    told = dict(row)
    for column in spec.log[1].values() if spec.log else ():
        lines = log.get((row[spec.key], column), [])
        past = [line for line in lines if is_there(line["changed_at"], moment)]
        if lines:
            told[column] = past[-1]["new"] if past else lines[0]["old"]
    return told


def _emptied(row: dict, spec: File, moment: datetime) -> dict:
    for at, cells in spec.after.items():
        if row.get(at) and not is_there(row[at], moment):
            row |= dict.fromkeys([at, *(cell for cell in cells if cell in row)], "")
    return row


def _events(name: str, spec: File, moment: datetime, earlier: list[Export], newest: Export, records: dict) -> Rows:
    """Those of the newest export, and those that the last one by then had. A log's lines went with their record."""
    rows = list(newest[name])
    stands = Counter(tuple(row.values()) for row in rows)
    rows += [row for row in (earlier[-1][name] if earlier else []) if not stands[tuple(row.values())]]
    rows = [_emptied(dict(row), spec, moment) for row in rows if is_there(row[spec.born], moment)]
    if spec.of:
        key = FILES[spec.of].key
        there = {row[key] for row in records[spec.of]}
        seen = {tuple(row.values()) for export in earlier for row in export[name]}
        rows = [row for row in rows if row[key] in there or tuple(row.values()) not in seen]
    return rows


def _forget_categories(found: Export, earlier: list[Export], newest: Export) -> None:
    """What a deal was called is not known where only a record tells of it that has closed since: no log is kept."""
    told = {row["deal_id"] for row in earlier[-1]["crm/deals.csv"]} if earlier else set()
    since = {row["deal_id"] for row in newest["crm/deals.csv"] if row["stage"] in CLOSED}
    for row in found["crm/deals.csv"]:
        if row["deal_id"] in since - told and row["stage"] not in CLOSED:
            row["forecast_category"] = ""


def really_made(moment: datetime, full: Export) -> Export:
    """What a system that was asked then would have given: dated by then, and open where it had not closed."""
    found = at_moment(moment, [(moment + timedelta(days=1), full)])
    closed = {row["order_no"]: row["closed_at"] for row in full["export_desk/deals.csv"]}
    for row in found["export_desk/deals.csv"]:
        if closed[row["order_no"]] and not row["closed_at"]:
            row["stage"] = OPEN_AT_THE_DESK
    for name in ("crm/leads.csv", "crm/deals.csv"):
        for row in found[name]:
            if not is_there(row["updated_at"], moment):
                row["updated_at"] = _last_change(row, FILES[name], found)
    return found


def _last_change(row: dict, spec: File, found: Export) -> str:
    """Its newest line by then, else its creation."""
    lines = [line["changed_at"] for line in found[spec.log[0]] if line[spec.key] == row[spec.key]]
    return max([row[spec.born], *lines], key=instant)
