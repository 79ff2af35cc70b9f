"""Other companies: are the planted stories about channels found, and none where none was planted?

Run as a program: python -m tests.trial [seed ...]; a tenth of the size, dbt only. Exits 1 when a story is missed or one
is seen that nobody planted.
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
from onefunnel.sample.clock import QUARTERS
from tests import support
from tests.channel_stories import barren, flattered

SEEDS = range(101, 111)
SCALE = 0.1


@dataclass
class Seen:
    """What was planted and what channel_performance shows; None and () where nothing."""

    planted_flattered: str | None
    planted_barren: tuple
    flattered: str | None
    barren: tuple

    @property
    def is_right(self) -> bool:
        return (self.planted_flattered, self.planted_barren) == (self.flattered, self.barren)


def company(folder: Path, seed: int, stories: bool, scale: float = SCALE) -> Seen:
    """One company generated, extracted and built, without Airflow, tests and gate."""
    made = generate(folder / "exports", seed=seed, scale=scale, stories=stories)
    home = built(folder, folder / "exports", support.CHECKOUT / "agreement")
    with duckdb.connect(str(home.candidate), read_only=True) as con:
        return Seen(*_planted(made.stories), flattered(con), tuple(barren(con)))


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


def _planted(stories: dict) -> tuple:
    if not stories:
        return None, ()
    bare = stories["barren_channel"]
    year = datetime.fromtimestamp(QUARTERS[4 * bare["year"]] + 19_800, UTC)
    return stories["flattering_closer"]["channel"], ((bare["channel"], f"{year:%Y-%m-%d}"),)


def main(seeds: list[int]) -> int:
    """One line per company; 0 when all are right."""
    wrong = 0
    for seed in seeds:
        for stories in (True, False):
            with tempfile.TemporaryDirectory() as folder:
                seen = company(Path(folder), seed, stories)
            wrong += not seen.is_right
            print(
                f"  {'✓' if seen.is_right else '✗'} seed {seed} {'with' if stories else 'without'} stories: "
                f"flattered {seen.flattered or 'none'} (planted {seen.planted_flattered or 'none'}), "
                f"barren {_told(seen.barren)} (planted {_told(seen.planted_barren)})",
                flush=True,
            )
    print(f"  {2 * len(seeds) - wrong} of {2 * len(seeds)} companies read rightly")
    return int(wrong > 0)


def _told(found: tuple) -> str:
    return ", ".join(f"{channel} in the year from {year}" for channel, year in found) or "none"


if __name__ == "__main__":
    sys.exit(main([int(seed) for seed in sys.argv[1:]] or list(SEEDS)))
