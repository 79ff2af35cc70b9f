"""Whether a run stopped after what is published now, as its own folder tells it: step, rule, what to do, no row."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from onefunnel.gate.noted import noted_checks
from onefunnel.home import Home
from onefunnel.tasks import FAILURE

# steps after publication, and what their failure leaves undone
AFTER = {
    "publish_postgres": "PostgreSQL keeps the version before, whole",
    "freeze_forecast": "the forecast is not kept",
    "show_objections": "new objections do not count as shown",
}
STEPS = {
    "start_run": "the start",
    "extract_source": "the extraction",
    "check_landed": "the checks of what landed",
    "load_agreement": "the reading of the agreement",
    "build_funnel": "the building of the tables",
    "check_candidate": "the checks before publication",
    "publish_tables": "the publication",
    "publish_postgres": "the publication to PostgreSQL",
    "freeze_forecast": "the keeping of the forecast",
    "show_objections": "the digest of objections",
}


@dataclass(frozen=True)
class Stopped:
    """A run that stopped: failed is the number of rows that fail the rule where a check counted them."""

    run_id: str
    started_at: datetime
    step: str
    rule: str
    failed: int | None
    what: str | None
    do: str
    audit: str | None
    undone: str | None


def newest_stop(home: Home, published_run_id: str) -> Stopped | None:
    """The newest run that stopped and that no publication followed; None when the newest one went through."""
    folders = sorted((f for f in (home.root / "runs").glob("*") if f.is_dir()), key=_started_at, reverse=True)
    for folder in folders:
        is_published = folder.name == published_run_id
        facts = _read(folder / FAILURE)
        if facts and (not is_published or facts["step"] in AFTER):
            return _stopped(home, folder, facts)
        if is_published:
            return None
    return None


def _stopped(home: Home, folder: Path, facts: dict) -> Stopped:
    check = next((one for one in noted_checks(home, folder.name) if one["rule"] == facts["rule"]), None)
    audit = home.audit_dir(folder.name) / f"{facts['rule']}.csv"
    # what was found may quote a cell of an export; only the agreement's own cells are for every reader
    tells = facts["rule"].startswith("agreement_")
    return Stopped(
        run_id=folder.name,
        started_at=_started_at(folder),
        step=STEPS.get(facts["step"], facts["step"].replace("_", " ")),
        rule=facts["rule"],
        failed=check["failed"] if check else None,
        what=facts["what"] if tells else None,
        do=facts["do"] or f"read runs/{folder.name}/airflow.log, or the log of the task",
        audit=str(audit.relative_to(home.root)) if audit.exists() else None,
        undone=AFTER.get(facts["step"]),
    )


def _started_at(folder: Path) -> datetime:
    run = _read(folder / "run.json")
    return datetime.fromisoformat(run["started_at"]) if run else datetime.fromtimestamp(folder.stat().st_mtime, UTC)


def _read(path: Path) -> dict:
    """The file's facts; empty where it is not there, or was cut short by a machine that stopped."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
