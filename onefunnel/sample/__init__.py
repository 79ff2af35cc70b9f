"""The sample company: exports of an invented Indian pump maker, and the truth behind them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onefunnel.sample.truth import Truth

__all__ = ["generate"]


def generate(out: Path, seed: int = 7, scale: float = 1.0, stories: bool = True) -> Truth:
    """Writes out/{crm,export_desk,finance}/*.csv, byte-equal for equal arguments.

    scale 1 is 36 months with 25,000 leads; stories=False plants no story.
    """
    from onefunnel.sample import company, truth, write

    world = company.build(seed, scale, stories)
    tables = write.write(world, Path(out))
    return truth.tell(world, company.judge(world), tables)
