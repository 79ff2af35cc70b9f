"""Run a suite of Great Expectations over a frame, and keep the rows that fail it."""

from __future__ import annotations

import csv
import logging
import os
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # the last four: the same, full width


@dataclass
class Outcome:
    """One check: its rule, whether it stops, how many rows failed and which."""

    suite: str
    rule: str
    stops: bool
    passed: bool
    failed: int
    do: str
    rows: pd.DataFrame
    columns: list[str] = field(default_factory=list)


class Checker:
    """Validates frames with one in-memory GX context."""

    def __init__(self):
        os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
        import great_expectations as gx

        for name in ("great_expectations", "great_expectations._docs_decorators"):
            logging.getLogger(name).setLevel(logging.ERROR)
        self.context = gx.get_context(mode="ephemeral")
        self.context.variables.progress_bars = {"globally": False}
        self.source = self.context.data_sources.add_pandas("frames")

    def check(self, frame: pd.DataFrame, suite) -> list[Outcome]:
        """One outcome per expectation of the suite, over a frame with one row per thing judged."""
        frame = frame.reset_index(drop=True)
        frame["row_number"] = range(len(frame))
        asset = self.source.add_dataframe_asset(suite.name)
        batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
        wanted = {"result_format": "COMPLETE", "unexpected_index_column_names": ["row_number"]}
        results = batch.validate(suite, result_format=wanted)
        return [self._outcome(frame, suite.name, result) for result in results.results]

    def _outcome(self, frame: pd.DataFrame, suite: str, result) -> Outcome:
        expectation = result.expectation_config
        told = result.exception_info or {}
        if any(isinstance(item, dict) and item.get("raised_exception") for item in [told, *told.values()]):
            raise RuntimeError(f"the check {expectation.meta['rule']} could not be evaluated: {told}")
        indexes = [item["row_number"] for item in result.result.get("unexpected_index_list") or []]
        columns = [
            expectation.kwargs[name] for name in ("column", "column_A", "column_B") if name in expectation.kwargs
        ]
        return Outcome(
            suite=suite,
            rule=expectation.meta["rule"],
            stops=str(expectation.severity).lower().endswith("critical"),
            passed=bool(result.success),
            failed=len(indexes) or int(not result.success),
            do=expectation.meta["do"],
            rows=frame.iloc[indexes].drop(columns="row_number"),
            columns=columns,
        )


def as_text(values: pd.Series) -> pd.Series:
    """Values as words that can be compared and read: true, false, ISO instants; unknown is 'unknown'."""
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        text = values.dt.tz_convert("UTC").dt.strftime("%Y-%m-%dT%H:%M:%S.%fZ").astype(object)
        return text.where(values.notna(), "unknown")
    known = values.notna()
    text = values.astype(object).map(_word, na_action="ignore")
    return text.where(known, "unknown").astype(object)


def beside(published: pd.DataFrame, judged: pd.DataFrame, key: str, columns, kept: list[str] = ()) -> pd.DataFrame:
    """One row per key of either side: <column>, rejudged_<column>, times_published, times_rejudged, and kept."""
    ours = published[[key, *kept]].copy()
    theirs = judged[[key]].copy()
    for column in columns:
        ours[column] = as_text(published[column])
        theirs[f"rejudged_{column}"] = as_text(judged[column])
    ours["times_published"] = ours.groupby(key)[key].transform("size")
    theirs["times_rejudged"] = theirs.groupby(key)[key].transform("size")
    frame = ours.merge(theirs, "outer", key)
    for name in ("times_published", "times_rejudged"):
        frame[name] = frame[name].fillna(0).astype(int)
    return frame.fillna("missing")


def _word(value) -> str:
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return str(bool(value)).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def write_audit(folder: Path, outcome: Outcome) -> Path:
    """The failing rows as a CSV that a spreadsheet opens without running anything; only its owner may read it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{outcome.rule}.csv"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.fchmod(handle, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(outcome.rows.columns)
        for row in outcome.rows.itertuples(index=False):
            writer.writerow([escaped(value) for value in row])
    return path


def escaped(value) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None or (isinstance(value, float) and value != value) else str(value)
    return f"'{text}" if text.lstrip().startswith(FORMULA) or text.startswith(("\t", "\r", "\n")) else text
