"""Which version of a record counts, and what versions tell: dbt and the judge on the same lake of several loads."""

from __future__ import annotations

import csv
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from onefunnel import warehouse
from onefunnel.agreement import check_agreement, read_agreement
from onefunnel.config import read_sources
from onefunnel.extract import extract
from onefunnel.gate.gate import judge_and_check
from onefunnel.home import Home
from tests import support

AGREEMENT = support.CHECKOUT / "agreement"


def _edited(exports, folder, number: int):
    """The exports as some later day would give them: leads and deals gone, back, changed, an older export anew."""
    shutil.copytree(exports, folder)
    path = folder / "crm" / "leads.csv"
    header, *rows = path.read_text(encoding="utf-8-sig").splitlines()
    if number == 1:
        rows = [row for at, row in enumerate(rows) if at % 40]
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    desk = folder / "export_desk" / "leads.csv"
    text = desk.read_text(encoding="utf-8-sig")
    if number == 1:
        desk.write_text(text.replace("Purchase Manager", "Intern").replace("Chemicals", "Toys"), encoding="utf-8")
        _edit_deals(folder)
    return folder


def _edit_deals(folder) -> None:
    """A desk without a log has other amounts, currencies, dates and closings; the CRM deletes and omits."""
    for source, edits in (("export_desk", 6), ("crm", 3)):
        path = folder / source / "deals.csv"
        with open(path, encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file)
        place = {name.strip().lower().replace(" ", "_"): number for number, name in enumerate(header)}
        changes = [("amount", "98765"), ("expected_close_on", ""), ("stage", "Offer Sent"), ("currency", "USD")]
        changes += [("stage", "Order Lost"), ("amount", "")] if source == "export_desk" else []
        kept = []
        for number, row in enumerate(rows):
            if number % 17 == 5:
                continue
            if number % 2 and source == "export_desk":
                name, value = changes[number // 2 % edits]
                row[place[name]] = value
                row[place["closed_at"]] = "05-04-2026 10:00" if value == "Order Lost" else row[place["closed_at"]]
            elif number % 3 == 1 and source == "crm":
                row[place["forecast_category"]] = "omitted"
            kept.append(row)
        with open(path, "w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *kept])


@pytest.mark.parametrize(
    "as_of", ["2025-06-30T00:00:00+00:00", "2026-04-12T00:00:00+00:00", "2026-06-01T00:00:00+00:00"]
)
def test_dbt_and_the_judge_choose_the_same_versions(small_exports, tmp_path, monkeypatch, as_of):
    home, instant = Home(tmp_path / "home"), datetime.fromisoformat(as_of)
    for number in range(3):  # as it was, changed, and the first export once more
        folder = _edited(small_exports, tmp_path / f"exports{number}", number)
        monkeypatch.setenv("SAMPLE_EXPORT", str(folder))
        sources = read_sources(support.SAMPLE_SOURCES)
        loaded_at = datetime(2026, 4, 2, tzinfo=UTC) + timedelta(days=7 * number)
        for source in sources.sources:
            extract(home, source, support.SAMPLE_SOURCES, loaded_at)
    agreement = read_agreement(AGREEMENT)
    check_agreement(agreement, instant)
    warehouse.prepare(home, warehouse.RunFacts("r", instant, loaded_at), sources, agreement)
    warehouse.build(home, sources)
    failed = [o for o in judge_and_check(home, sources, AGREEMENT, instant) if not o.passed and o.stops]
    assert not failed, [(o.rule, o.failed, o.rows.head(2).to_dict("records")) for o in failed][:2]
