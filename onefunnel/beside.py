"""What is needed to judge a home's lake once more beside its runs: which run was the newest, what the lake holds."""

from __future__ import annotations

import json
import logging
import sys
from datetime import datetime
from pathlib import Path

from onefunnel.errors import Stop
from onefunnel.home import Home


def lake_or_stop(home: Home) -> None:
    from onefunnel.lake import completed_files

    if not completed_files(home):
        raise Stop(
            "no_lake",
            f"{home.root} holds no data yet, so there is no history to look at",
            "make run first, or name the home of a finished run with HOME_DIR",
        )


def steps_to_the_terminal() -> None:
    """What steps say goes to the person who waits."""
    log, handler = logging.getLogger("onefunnel"), logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False


def last_run(home: Home) -> dict:
    """The facts of the home's newest run; empty where no run has left any."""
    found = []
    for path in home.root.glob("runs/*/run.json"):
        try:
            found.append(json.loads(path.read_text(encoding="utf-8")))
        except ValueError:
            continue  # cut off while it was being written
    return max(found, key=lambda run: run["started_at"], default={})


def delivered_or_stop(home: Home, sources, file: Path) -> None:
    from onefunnel.lake import completed_files

    found = set(completed_files(home))
    if not found & {source.name for source in sources.sources}:
        raise Stop(
            "no_lake",
            f"{home.root} holds nothing of the sources of {file}, only of {', '.join(sorted(found))}",
            "name the sources.yml that the home was run with: SOURCES=path/sources.yml",
        )


def as_of_last(last: dict, file: Path) -> datetime | None:
    """The instant of the newest run on these sources: the lake holds no more than was known then."""
    return datetime.fromisoformat(last["as_of"]) if last.get("sources_file") == str(file) else None
