"""python -m tests.bi HOME [PICTURES]: the dashboard in a real Superset, and its numbers beside the published tables."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bi.charts import CHARTS
from tests import support
from tests.bi.numbers import differences, expected, sent
from tests.bi.seen import look
from tests.bi.superset import superset

UNIT = "crore"


def main(home: Path, pictures: Path) -> int:
    """0 when every chart was sent the tables' numbers and the page shows the big ones; else each difference is told."""
    pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="onefunnel-bi-") as name, superset(home, Path(name)) as stand:
        seen = look(stand, pictures)
    wrong, numbers = list(seen.errors), 0
    with support.published(home) as con:
        for chart in CHARTS:
            if chart.name not in seen.rows:
                wrong.append(f"{chart.name}: nothing was sent to it")
                continue
            ours, theirs = expected(con, chart, UNIT), sent(chart, seen.rows[chart.name], UNIT)
            numbers += sum(value is not None for row in theirs.values() for value in row.values())
            wrong += [f"{chart.name}: {text}" for text in differences(ours, theirs)]
            wrong += [
                f"{chart.name}: {text} is not on the page" for text in not_shown(chart, ours, seen.words[chart.tab])
            ]
    for line in wrong[:40]:
        print(f"✗ {line}")
    if not wrong:
        print(f"✓ {numbers:,} numbers in {len(CHARTS)} charts equal the published tables; pictures in {pictures}")
    return 1 if wrong else 0


def not_shown(chart, ours: dict, words: str) -> list[str]:
    """Titles, and the figures of big numbers and tables as a person reads them, that are not among the page's words."""
    wanted = [chart.name]
    if chart.kind == "number":
        [(value,)] = [tuple(row.values()) for row in ours.values()]
        wanted.append({",d": f"{value:,.0f}", ".0%": f"{value:.0%}", ",.2f": f"{value:,.2f}"}[chart.form])
    if chart.kind == "table":
        money = [value for row in ours.values() for label, value in row.items() if ", crore" in label]
        wanted += [f"{value:,.2f}" for value in money if value is not None]
    return [text for text in wanted if text not in words]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2] if len(sys.argv) > 2 else ".superset/pictures")))
