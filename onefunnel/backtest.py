"""How the forecast would have done on a home's deals: a candidate beside the home's own, a table in the terminal."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from onefunnel.beside import as_of_last, delivered_or_stop, lake_or_stop, last_run, steps_to_the_terminal
from onefunnel.home import CHECKOUT, Home, Scratch
from onefunnel.progress import step

SAMPLE = CHECKOUT / "examples/sample_company/sources.yml"
MODELS = ["forecast_accuracy", "forecast_deals", "revenue_forecast"]
WEEKS = ("0", "4", "8", "all")
HEAD = f"{'method':24}{'week':>6}{'origins':>9}{'WAPE':>9}{'bias':>9}{'coverage':>10}{'to naive':>10}"
NOTE = """
  WAPE: sum of misses / sum of actuals; to naive: that over the best other method's, chosen with hindsight; coverage: of
  actuals, inside the 80 % interval; * the least WAPE of all on the same forecasts"""


def backtest(sources: Path | None, agreement: Path | None, home: Path | None, as_of: str | None) -> int:
    """The record of every method on the home's lake is told in the terminal; nothing is published. Returns 0."""
    from onefunnel.agreement import check_agreement, read_agreement
    from onefunnel.config import read_sources
    from onefunnel.gate.words import unknown_deal_stages
    from onefunnel.steps import instant_or_stop
    from onefunnel.warehouse import RunFacts

    place = Home(home.resolve()) if home else Home.from_environment()
    lake_or_stop(place)
    steps_to_the_terminal()
    last = last_run(place)
    file = (sources or Path(last.get("sources_file") or SAMPLE)).resolve()
    read = read_sources(file)
    delivered_or_stop(place, read, file)
    now = datetime.now(UTC)
    at = instant_or_stop(as_of) or as_of_last(last, file) or read.as_of or now
    with step("Read the agreement"):
        agreed = read_agreement((agreement or Path(last.get("agreement_dir") or CHECKOUT / "agreement")).resolve())
        check_agreement(agreed, at)
        unknown_deal_stages(place, read, agreed)
    folder = Path(tempfile.mkdtemp(prefix=".backtest-", dir=place.root))
    try:
        print(told(_built(Scratch(folder, place), RunFacts("backtest", at, now), read, agreed)))
    finally:
        shutil.rmtree(folder)
    return 0


def _built(scratch: Scratch, run, sources, agreement) -> dict:
    """accuracy: rows of forecast_accuracy; sources: which are followed and from when; quarters: how many were told."""
    import duckdb

    from onefunnel import warehouse

    with step("Forecast every week of every quarter from what was known then") as tell:
        warehouse.prepare(scratch, run, sources, agreement)
        counts = warehouse.build_only(scratch, sources, MODELS)
        tell(f"{counts['models']} models, {counts['tests']} tests")
    with duckdb.connect(str(scratch.candidate), read_only=True) as con:
        con.execute("set timezone = 'UTC'")
        found = con.execute("select * from metrics.forecast_accuracy")
        names = [column[0] for column in found.description]
        accuracy = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        followed = con.execute(
            "select ids_of, cast(known_from_at as date), is_followed from funnel.int_forecast_sources order by 1"
        ).fetchall()
        quarters = con.execute(
            "select count(distinct fiscal_quarter) from metrics.revenue_forecast "
            "where origin = 'backtest' and horizon = 'this quarter' and actual_amount is not null"
        ).fetchone()[0]
    return {"accuracy": accuracy, "sources": followed, "quarters": quarters, "as_of": run.as_of}


def told(found: dict) -> str:
    """What is known of the history, then a table per horizon, and who was best."""
    lines = ["", f"  as of {found['as_of']:%Y-%m-%d %H:%M} UTC; {found['quarters']} quarters are over and known whole"]
    for ids_of, from_on, is_followed in found["sources"]:
        how = "" if is_followed else ": too short beside the others, its deals count when they close"
        lines.append(f"  {ids_of}: its pipeline is known as it was from {from_on}{how}")
    rows = {(row["horizon"], row["quarter_week"], row["method"]): row for row in found["accuracy"]}
    methods = list(dict.fromkeys(row["method"] for row in found["accuracy"]))
    for horizon in dict.fromkeys(row["horizon"] for row in found["accuracy"]):
        lines += ["", f"  {horizon}"]
        lines.append("    " + HEAD)
        for method in methods:
            some = [rows[horizon, week, method] for week in WEEKS if (horizon, week, method) in rows]
            lines += [_line(row) for row in (some if method == methods[0] else some[-1:])]
    return "\n".join([*lines, NOTE])


def _line(row: dict) -> str:
    head = f"    {row['method'] + (' *' if row['is_best'] else ''):24}{row['quarter_week']:>6}"
    if row["status"] != "ok":
        return f"{head}{row['origins']:>9}   {row['status']}"
    figures = [row["wape"], row["bias"], row["coverage_80"], row["ratio_to_naive"]]
    texts = ["" if value is None else f"{value:.3f}" for value in figures]
    return f"{head}{row['origins']:>9}{texts[0]:>9}{texts[1]:>9}{texts[2]:>10}{texts[3]:>10}"
