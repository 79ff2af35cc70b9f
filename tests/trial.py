"""Other companies: are the planted stories found by name, and none where none was planted?

Run as a program: python -m tests.trial [seed ...]; a tenth of the size and up, dbt only. Exits 1 when a story is
missed, or when more than one is seen that nobody planted.
"""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from onefunnel import warehouse
from onefunnel.agreement import read_agreement
from onefunnel.config import read_sources
from onefunnel.extract import extract
from onefunnel.home import Home
from onefunnel.sample import generate
from tests import support
from tests.stories_seen import planted, seen

SEEDS = range(101, 121)
# a company's size goes by its seed, that nothing hangs on one size
SCALES = (0.1, 0.15, 0.25)
FALSE_ALARMS = 1


@dataclass
class Read:
    """Story -> what was planted, and what the marts show of it; the same words where it was found."""

    planted: dict[str, str]
    seen: dict[str, str]

    @property
    def missed(self) -> list[str]:
        return [story for story, what in self.planted.items() if self.seen.get(story) != what]

    @property
    def false_alarms(self) -> list[str]:
        return [story for story in self.seen if story not in self.planted]


def company(folder: Path, seed: int, stories: bool, scale: float | None = None) -> Read:
    """One company generated, extracted and built, without Airflow, tests and gate."""
    made = generate(folder / "exports", seed=seed, scale=scale or SCALES[seed % len(SCALES)], stories=stories)
    home = built(folder, folder / "exports", support.CHECKOUT / "agreement")
    with duckdb.connect(str(home.candidate), read_only=True) as con:
        return Read(planted(made.stories), seen(con))


def built(folder: Path, exports: Path, agreement: Path, file: Path = support.SAMPLE_SOURCES) -> Home:
    """The home of a candidate built from a company's exports under an agreement, without Airflow, tests and gate."""
    os.environ["SAMPLE_EXPORT"] = str(exports)
    home = Home(folder / "home")
    sources, now = read_sources(file), datetime.now(UTC)
    for source in sources.sources:
        extract(home, source, file, now)
    warehouse.prepare(home, warehouse.RunFacts("trial", sources.as_of or now, now), sources, read_agreement(agreement))
    warehouse.build(home, sources, tests=False)
    return home


def main(seeds: list[int]) -> int:
    """One line per company and what is wrong with it; 0 when all are right."""
    missed, alarms = 0, 0
    for seed in seeds:
        for stories in (True, False):
            with tempfile.TemporaryDirectory() as folder:
                read = company(Path(folder), seed, stories)
            missed, alarms = missed + len(read.missed), alarms + len(read.false_alarms)
            right = not read.missed and not read.false_alarms
            found = "; ".join(f"{story}: {what}" for story, what in read.seen.items()) or "nothing"
            mark, kind = "✓" if right else "✗", "with" if stories else "without"
            print(f"  {mark} seed {seed} {kind} stories: {found}", flush=True)
            for story in read.missed:
                print(f"      missed {story}: {read.planted[story]}", flush=True)
            for story in read.false_alarms:
                print(f"      nobody planted {story}", flush=True)
    print(f"  {2 * len(seeds)} companies: {missed} stories missed, {alarms} false alarms")
    return int(missed > 0 or alarms > FALSE_ALARMS)


if __name__ == "__main__":
    sys.exit(main([int(seed) for seed in sys.argv[1:]] or list(SEEDS)))
