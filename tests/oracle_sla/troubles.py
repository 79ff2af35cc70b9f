"""The sample company's exports with everything that may happen around a handover and seldom does.

Contacts at odd moments by odd people, owners that change, second handovers, dispositions nobody dated, objections.
"""

from __future__ import annotations

import csv
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from tests import support

HANDED, BACK = "Handed to Sales", "Recycled to Marketing"
SOON = (0, 0, 1, 30, 59, 60, 120, 180, 540, 900, 1440, 2000, 4000)  # minutes around a handover
LATER = (1, 2, 5, 9, 10, 11, 20, 29, 30, 31, 45, 90)  # days after it
OWNERS = ("U03", "U12", "U16", "U20", "EX-2", "U99", "")
OUTCOMES = ("Sales Qualified", BACK, "Disqualified", "Junk Lead", HANDED, "Accepted by Sales")
DISPOSITIONS = ("Not Interested", " timing not  right", "Went Quiet", "Wrong Contact", "", "")
CALLED = ("price objection", " Price  OBJECTION", "has supplier", "connected", "who knows", "")
MORE_SOURCES = ("objections", "digests")


class Export:
    """One file of an export: its rows can be read, changed and added to."""

    def __init__(self, path: Path):
        self.path = path
        with path.open(encoding="utf-8", newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.columns = list(self.rows[0])

    def add(self, **cells) -> None:
        self.rows.append(dict.fromkeys(self.columns, "") | {name: str(value) for name, value in cells.items()})

    def write(self) -> None:
        with self.path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.DictWriter(file, self.columns, extrasaction="ignore")
            rows.writeheader()
            rows.writerows(self.rows)


def troubled(exports: Path, folder: Path, seed: int) -> Path:
    """A copy of the exports in which most of the handed leads of crm have had troubles; equal seeds, equal rows."""
    copy, random = Path(shutil.copytree(exports, folder)), Random(seed)
    activities, changes, leads, deals = (
        Export(copy / "crm" / f"{name}.csv") for name in ("activities", "lead_changes", "leads", "deals")
    )
    of_lead = {row["lead_id"]: row for row in leads.rows}
    handed = [(row["lead_id"], datetime.fromisoformat(row["changed_at"])) for row in changes.rows if
              row["field"] == "status" and row["new"] == HANDED]  # fmt: skip
    for lead_id, at in handed:
        lead = of_lead.get(lead_id)
        if lead is None or random.random() < 0.4:
            continue
        contacts(random, activities, random.choice(leads.rows)["lead_id"] if random.random() < 0.1 else lead_id, at)
        history(random, changes, lead_id, at)
        verdict(random, lead, at)
        if random.random() < 0.4:
            again(random, changes, lead, at)
        if random.random() < 0.2:
            random.choice(deals.rows)["lead_id"] = lead_id
    for row in activities.rows:
        if row["deal_id"] and random.random() < 0.1:
            row["direction"], row["owner_id"] = random.choice(("Inbound", "", "outbound")), random.choice(OWNERS)
    for file in (changes, leads):
        file.write()
    heard = elsewhere(random, activities, deals)
    for file in (activities, deals):
        file.write()
    objections(random, copy / "crm", handed, heard)
    return copy


def earlier(exports: Path, folder: Path, seed: int) -> Path:
    """A copy of the exports as they may have stood before: other words of sales on most handed leads."""
    copy, random = Path(shutil.copytree(exports, folder)), Random(seed)
    leads, changes = Export(copy / "crm" / "leads.csv"), Export(copy / "crm" / "lead_changes.csv")
    handed = {row["lead_id"]: row["changed_at"] for row in changes.rows if row["new"] == HANDED}
    for lead in leads.rows:
        if lead["lead_id"] not in handed or random.random() < 0.3:
            continue
        at = datetime.fromisoformat(handed[lead["lead_id"]]) - timedelta(days=random.choice((0, 0, *LATER)))
        lead["disposition"], when = random.choice(DISPOSITIONS), at + timedelta(days=random.choice((-1, 0, *LATER)))
        lead["disposed_at"] = when.isoformat() if random.random() < 0.5 else ""
        lead["updated_at"] = (at + timedelta(days=random.choice((0, 0, *LATER)))).isoformat()
    leads.write()
    return copy


def contacts(random: Random, activities: Export, lead_id: str, at: datetime) -> None:
    for number in range(random.randrange(4)):
        minutes = random.choice(SOON) * random.choice((-1, 1, 1))
        activities.add(
            activity_id=f"T{len(activities.rows)}-{number}",
            kind=random.choice(("call", "Call", "meeting", "email", "whatsapp")),
            direction=random.choice(("outbound", "outbound", "inbound", " Inbound", "")),
            happened_at=(at + timedelta(minutes=minutes)).isoformat(),
            duration_seconds=random.choice(("", 0, 29, 30, 59, 60, 61, 600)),
            is_automated=random.choice(("false", "false", "", "true")),
            lead_id=lead_id,
            owner_id=random.choice(OWNERS),
        )


def history(random: Random, changes: Export, lead_id: str, at: datetime) -> None:
    def add(field: str, when: datetime, old: str, new: str) -> None:
        changes.add(lead_id=lead_id, changed_at=when.isoformat(), field=field, old=old, new=new)

    if random.random() < 0.5:
        when = at + timedelta(minutes=random.choice(SOON), days=random.choice((0, 0, *LATER)))
        add("owner", when, random.choice(OWNERS), random.choice(OWNERS))
    for _ in range(random.choice((0, 0, 1, 1, 3))):
        when = at + timedelta(minutes=random.choice((0, 1, -1, 60)), days=random.choice((0, *LATER)))
        add("status", when, random.choice(OUTCOMES), random.choice(OUTCOMES))


def verdict(random: Random, lead: dict, at: datetime) -> None:
    """What the lead's own record says of it."""
    if random.random() < 0.4:
        lead["disposition"] = random.choice(DISPOSITIONS)
        when = at + timedelta(days=random.choice((-3, 0, *LATER)), minutes=random.choice((0, 1, -1)))
        lead["disposed_at"] = when.isoformat() if random.random() < 0.6 else ""
    if random.random() < 0.3:
        when = at + timedelta(days=random.choice((-1, *LATER)), minutes=random.choice((0, 1, -1)))
        lead["claimed_sql_at"] = when.isoformat() if random.random() < 0.5 else ""


def again(random: Random, changes: Export, lead: dict, at: datetime) -> None:
    """The lead goes back to marketing and is handed over once more; a word on the first time may still stand."""
    back = at + timedelta(days=random.choice((2, 9, 20)))
    moves = (HANDED, BACK, back), (BACK, HANDED, back + timedelta(days=random.choice((1, 10, 40))))
    for old, new, when in moves:
        changes.add(lead_id=lead["lead_id"], changed_at=when.isoformat(), field="status", old=old, new=new)
    if random.random() < 0.5:
        lead["disposition"], lead["disposed_at"] = random.choice(DISPOSITIONS), back.isoformat()


def elsewhere(random: Random, activities: Export, deals: Export) -> list[tuple[str, str]]:
    """Outcomes of calls and reasons of losses in all sorts of words: (what a digest may show, when it was told)."""
    found = []
    for row in activities.rows:
        if row["kind"] and random.random() < 0.1:
            row["outcome"] = random.choice(CALLED)
            found.append((f"activity:{row['activity_id']}", row["happened_at"]))
    for row in deals.rows:
        if row["lost_reason"]:
            row["lost_reason"] = random.choice((row["lost_reason"], "delivery  TIME", "Timing of it", "Price", ""))
            found.append((f"deal:{row['deal_id']}", row["closed_at"]))
    return found


def objections(random: Random, folder: Path, handed: list[tuple[str, datetime]], heard: list[tuple[str, str]]) -> None:
    """The sheet of objections and the log of the digests; hours are elapsed."""
    sheet = [("objection_id", "raised_at", "logged_at", "lead_id", "team", "owner_id", "category", "words")]
    shown = [("objection_id", "shown_at")]
    for number, (lead_id, at) in enumerate(handed):
        raised = at + timedelta(hours=random.choice((0, 5, 40, 400)))
        logged = raised + timedelta(hours=random.choice((0, 5, 23, 24, 48)), seconds=random.choice((0, 0, 1)))
        told = logged.isoformat() if random.random() < 0.85 else ""
        category = random.choice(("Price too high", "Delivery time", "Timing of it"))
        owner = random.choice(OWNERS)
        sheet.append((f"O{number}", raised.isoformat(), told, lead_id, "sales", owner, category, "their words"))
        for _ in range(random.randrange(3)):
            when = logged + timedelta(hours=random.choice((1, 12, 24, 30)), seconds=random.choice((0, 0, 1)))
            shown.append((f"O{number}", when.isoformat()))
    for key, told in heard:
        when = moment(told)
        if when and random.random() < 0.7:
            shown.append((key, (when + timedelta(hours=random.choice((1, 12, 24, 30)))).isoformat()))
    for name, rows in zip(MORE_SOURCES, (sheet, shown)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)


def moment(told: str) -> datetime | None:
    """What an export's cell says in Indian time; None where it cannot be read."""
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo("Asia/Kolkata"))


def sources(path: Path) -> Path:
    """The sample's sources.yml with the sheet and the log, written to the path."""
    text = support.SAMPLE_SOURCES.read_text(encoding="utf-8")
    for name in MORE_SOURCES:
        if f"{name}: " not in text:
            text = text.replace("      users: users.csv\n", f"      users: users.csv\n      {name}: {name}.csv\n", 1)
    path.write_text(text, encoding="utf-8")
    return path
