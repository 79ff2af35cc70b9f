"""The weekly revenue review: one page a week, as it was reviewed, and the newest one with what was corrected since."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from onefunnel.home import Home, write_whole
from onefunnel.pages import review_meeting, review_pipeline, review_quarter, review_record, words
from onefunnel.pages.kept import corrections, keep, kept
from onefunnel.pages.published import Published
from onefunnel.pages.review_rows import Sheet, sheet_of, weeks
from onefunnel.pages.review_words import headline
from onefunnel.pages.write import FOLDER, rendered

BACK = 4  # a first run writes the newest week and the three before it
SHOWN_CORRECTIONS = 3
# what people fill in during the week, and what is told of now: the newest page shows it as it stands
OF_NOW = ("actions", "health")


def write(home: Home, run_id: str, published: Published) -> list[Path]:
    """<week>.html of the newest weeks, kept/<week>.json, and latest.html; a live run's week is never written again."""
    told = weeks(published)
    if not told:
        return []
    live = _is_live(home, run_id)
    paths = [path for week in told[-BACK:] if (path := _week(home, published, week, live))]
    newest = kept(home, told[-1])
    now = sheet_of(published, told[-1], live)
    rows = [row for row in newest.rows if row["section"] not in OF_NOW]
    latest = replace(newest, rows=rows + [row for row in now.rows if row["section"] in OF_NOW])
    text = page(latest, published, "latest.html", corrections(home, published), _stopped(home, published))
    return [*paths, _write(home, "latest.html", text)]


def _week(home: Home, published: Published, week: date, live: bool) -> Path | None:
    """The week's own page; None where a live run has written it before."""
    before = kept(home, week)
    name = f"{week}.html"
    if before and before.is_live:
        return None if (home.root / FOLDER / name).exists() else _write(home, name, page(before, published, name, []))
    sheet = sheet_of(published, week, live)
    # the page first: a run that dies between the two makes both again
    path = _write(home, name, page(sheet, published, name, []))
    keep(home, sheet)
    return path


def _write(home: Home, name: str, text: str) -> Path:
    path = home.root / FOLDER / name
    write_whole(path, text)
    return path


def page(sheet: Sheet, published: Published, name: str, corrected: list[dict], stopped: str = "") -> str:
    """The page of the week as text; corrected: what to tell in a note on top; stopped: a newer run that failed."""
    start = sheet.week_start_on
    made_on = sheet.as_of_at.astimezone(published.zone).date()
    return rendered(
        "review.html",
        published,
        here=name,
        sheet=sheet,
        periods=review_meeting.periods(sheet),
        as_of=f"{words.instant(sheet.as_of_at, published.zone)} ({sheet.timezone})",
        made_later=words.day(made_on) if made_on > start + timedelta(days=13) else "",
        agreement=max((row["agreement_version"] or 0 for row in sheet.rows), default=0) or "none",
        headline=headline(sheet),
        quarter=review_quarter.section(sheet),
        generated=review_pipeline.generated(sheet),
        advanced=review_pipeline.advanced(sheet),
        gap=review_meeting.gap(sheet),
        actions=review_meeting.actions(sheet),
        promises=review_meeting.promises(sheet),
        objections=review_meeting.objections(sheet),
        metrics=review_record.metrics(sheet),
        record=review_record.record(sheet),
        health=review_record.health(sheet),
        stopped=stopped,
        corrected_on=words.day(published.as_of_on),
        corrected=corrected[:SHOWN_CORRECTIONS],
        corrected_more=max(len(corrected) - SHOWN_CORRECTIONS, 0),
    )


def _is_live(home: Home, run_id: str) -> bool:
    """Whether the run judged as of its own start; one that nothing is known of did not."""
    path = home.run_dir(run_id) / "run.json"
    return path.exists() and bool(json.loads(path.read_text(encoding="utf-8")).get("is_live"))


def _stopped(home: Home, published: Published) -> str:
    """What stopped the newest run from the terminal, where it began after the published tables were built."""
    newest = max((home.root / "runs").glob("*/failure.json"), key=lambda path: path.stat().st_mtime, default=None)
    if newest is None or newest.stat().st_mtime < published.facts["built_at"].timestamp():
        return ""
    facts = json.loads(newest.read_text(encoding="utf-8"))
    at = datetime.fromtimestamp(newest.stat().st_mtime, UTC)
    step = facts["step"].replace("_", " ")
    when = words.instant(at, published.zone)
    return f"A newer run stopped on {when} at '{step}' ({facts['rule']}): nothing of it is shown."
