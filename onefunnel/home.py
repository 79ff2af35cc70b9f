"""Where everything of one installation lives, and who may work there."""

from __future__ import annotations

import fcntl
import json
import os
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from onefunnel.errors import Stop

CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Home:
    """The absolute directory (ONEFUNNEL_HOME) that holds lake, warehouse, audit and published."""

    root: Path

    @classmethod
    def from_environment(cls) -> Home:
        return cls(Path(os.environ.get("ONEFUNNEL_HOME") or CHECKOUT / "data").resolve())

    @property
    def lake(self) -> Path:
        return self.root / "lake"

    @property
    def candidate(self) -> Path:
        return self.root / "warehouse" / "candidate.duckdb"

    @property
    def candidate_owner(self) -> Path:
        return self.root / "warehouse" / "candidate.run"

    @property
    def published(self) -> Path:
        return self.root / "published"

    def keep_private(self) -> None:
        """Raw data, logs and failing rows hold personal data: only the owner enters; published/ is for all."""
        for name in ("lake", "warehouse", "runs", "audit", "unfinished"):
            folder = self.root / name
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)

    def run_dir(self, run_id: str) -> Path:
        return self.root / "runs" / run_id

    def audit_dir(self, run_id: str) -> Path:
        return self.root / "audit" / run_id


@dataclass(frozen=True)
class Scratch(Home):
    """A folder of its own for a build on another home's lake; the other's candidate and tables stay as they are."""

    beside: Home

    @property
    def lake(self) -> Path:
        return self.beside.lake


@contextmanager
def alone_in(home: Home, run_id: str, wait_seconds: float = 0.0):
    """Hold the home for one run; a second run waits up to wait_seconds, then gets one clear line.

    The lock is the operating system's (flock), so it ends with its holder, however that dies.
    A step inside a run that already holds the home (ONEFUNNEL_LOCKED_BY) enters at once.
    """
    if os.environ.get("ONEFUNNEL_LOCKED_BY") == run_id:
        yield None
        return
    home.root.mkdir(parents=True, exist_ok=True)
    with open(home.root / "run.lock", "a+", encoding="utf-8") as handle:
        _wait_for(handle, home, wait_seconds)
        handle.seek(0)
        handle.truncate()
        json.dump({"run_id": run_id, "pid": os.getpid(), "since": time.strftime("%FT%TZ", time.gmtime())}, handle)
        handle.flush()
        yield handle


def _wait_for(handle, home: Home, wait_seconds: float) -> None:
    until = time.monotonic() + wait_seconds
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise Stop(
                    "one_run_at_a_time",
                    f"{home.root} is being worked on by another run ({_holder(home)})",
                    "wait until it ends, or give this run its own HOME_DIR",
                ) from None
            time.sleep(0.5)


def _holder(home: Home) -> str:
    try:
        held = json.loads((home.root / "run.lock").read_text(encoding="utf-8"))
        return f"{held['run_id']}, process {held['pid']}, since {held['since']}"
    except (OSError, ValueError, KeyError):
        return "just starting"


def sync(path: Path) -> None:
    """The file's bytes are on the disk, whatever happens to the machine next."""
    with open(path, "rb") as handle:
        os.fsync(handle.fileno())


def write_whole(path: Path, text: str) -> None:
    """The file holds exactly text, or what it held before, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)
