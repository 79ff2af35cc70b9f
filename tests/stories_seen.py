"""The planted stories in words, and the same words as a reader of the published tables would say them."""

from __future__ import annotations

import csv
from datetime import UTC, datetime

import duckdb

from tests import support
from tests.channel_stories import barren, flattered

INDIA = 19_800
Z_OF_95 = 1.959963984540054
with open(support.CHECKOUT / "agreement" / "settings.csv", encoding="utf-8", newline="") as _handle:
    SETTINGS = {row["setting"]: row["value"] for row in csv.DictReader(_handle)}


def planted(facts: dict[str, dict]) -> dict[str, str]:
    """Story -> where it was planted; empty for a company without stories."""
    if not facts:
        return {}
    bad, bare, night = facts["bad_fit_campaign"], facts["barren_channel"], facts["met_by_night"]
    return {
        "flattering_closer": facts["flattering_closer"]["channel"],
        "barren_channel": f"{bare['channel']} from {_day(bare['year_starts_at'])}",
        "bad_fit_campaign": f"crm:{bad['campaign_id']} from {_day(bad['quarter_starts_at'])}",
        "silent_rep": f"crm:{facts['silent_rep']['owner_id']}",
        "met_by_night": f"from {_day(night['year_starts_at'])}",
        "objection_receded": facts["objection_receded"]["category"],
        "better_definition": f"draft {facts['better_definition']['draft_version']}",
    }


def seen(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Story -> what the candidate's marts show of it; a story of which they show nothing has no row."""
    found = {
        "flattering_closer": flattered(con) or "",
        "barren_channel": ", ".join(f"{channel} from {year}" for channel, year in barren(con)),
        "bad_fit_campaign": _misfits(con),
        "silent_rep": _named(con, "owner_never_dispositions", "subject_id"),
        "met_by_night": _named(con, "contact_met_only_by_off_hours", "'from ' || min(period_start_on)"),
        "objection_receded": _named(con, "objection_receded", "subject_id"),
        "better_definition": _better(con),
    }
    return {story: what for story, what in found.items() if what}


def _misfits(con: duckdb.DuckDBPyConnection) -> str:
    """Campaigns that stopped fitting; one that does not fit counts as that only where it handed over too few before."""
    rows = con.execute(
        """
        select f.finding, f.subject_id, f.period_start_on, count(h.handover_id)
        from metrics.findings as f
        left join metrics.handovers as h
            on f.subject_id = h.campaign_id and h.definition_met is not null
            and h.handed_over_at < cast(f.period_start_on as timestamp) at time zone ?
        where f.subject_kind = 'campaign'
        group by all
        order by all
        """,
        [SETTINGS["timezone"]],
    ).fetchall()
    told = []
    for finding, campaign, start, before in rows:
        few = finding == "campaign_does_not_fit" and before < int(SETTINGS["signal_min_cases"])
        kind = "" if few or finding == "campaign_stopped_fitting" else f"{finding}: "
        told.append(f"{kind}{campaign} from {start}")
    return ", ".join(told)


def _named(con: duckdb.DuckDBPyConnection, finding: str, words: str) -> str:
    """The findings of one name; those of one subject are one."""
    rows = con.execute(
        f"select {words} from metrics.findings where finding = ? group by subject_id order by 1", [finding]
    ).fetchall()
    return ", ".join(row[0] for row in rows)


def _better(con: duckdb.DuckDBPyConnection) -> str:
    """Drafts that convert better as far beyond chance as any finding is; the published interval is one of 95 %."""
    rows = con.execute(f"""
        select draft_version from metrics.definition_what_if, run.context
        where definition = 'draft' and conversion_verdict = 'better' and conversion_difference
            >= signal_standard_errors * (conversion_difference - conversion_difference_low) / {Z_OF_95}
        order by 1
    """).fetchall()
    return ", ".join(f"draft {row[0]}" for row in rows)


def _day(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds + INDIA, UTC):%Y-%m-%d}"
