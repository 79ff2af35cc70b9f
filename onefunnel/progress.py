"""What the person at the terminal sees while a run works."""

from __future__ import annotations

import logging
import os
import time
from contextlib import contextmanager

log = logging.getLogger("onefunnel")


def say(line: str) -> None:
    """One line for the person: to the file the run's terminal follows, and to the task's log."""
    log.info(line)
    path = os.environ.get("ONEFUNNEL_PROGRESS")
    if path:
        with open(path, "a", encoding="utf-8") as handle:
            handle.write(line + "\n")


@contextmanager
def step(title: str):
    """Announce a step, then how long it took; the body may call `detail(text)` for the facts."""
    started = time.monotonic()
    facts: list[str] = []
    say(f"▸ {title} ...")
    yield facts.append
    told = f": {', '.join(facts)}" if facts else ""
    say(f"✓ {title}{told} [{time.monotonic() - started:.1f} s]")


def count(number: int) -> str:
    """12345 as 12,345."""
    return f"{number:,}"
