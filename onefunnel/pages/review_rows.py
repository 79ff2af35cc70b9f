"""What one week's review page is made from: its rows of weekly_review and what names them, on the disk and back."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from onefunnel.home import write_whole
from onefunnel.pages import words
from onefunnel.pages.published import Published

TREND_QUARTERS = 8


@dataclass(frozen=True)
class Sheet:
    """One week as it is (or was) reviewed; a page is made from this and from nothing else.

    names: what people call a metric; trends: metric -> its values in the last fiscal quarters, oldest first.
    """

    week_start_on: date
    company: str
    currency: str
    timezone: str
    as_of_at: datetime
    run_id: str
    is_live: bool
    rows: list[dict]
    names: dict[str, str]
    trends: dict[str, list[float]]

    def of(self, section: str, figure: str | None = None, **where) -> list[dict]:
        """The section's rows in the order of the meeting; where: values that its columns must have."""
        wanted = {"section": section} | ({"figure": figure} if figure else {}) | where
        return [row for row in self.rows if all(row.get(name) == value for name, value in wanted.items())]

    def one(self, section: str, figure: str, **where) -> dict | None:
        """The first of them, None where there is none."""
        return next(iter(self.of(section, figure, **where)), None)


def amount_or_value(row: dict | None, prefix: str = "value") -> Decimal | float | None:
    """The row's number, whichever column holds it; prefix: value, low, high, before or target."""
    if row is None:
        return None
    if row["unit"] == "amount":
        return row.get(f"{prefix}_amount")
    return row.get({"low": "value_low", "high": "value_high"}.get(prefix, prefix))


def shown(row: dict | None, currency: str, prefix: str = "value") -> str:
    """The row's number with its unit; a dash where it is not known."""
    if row is None:
        return words.UNKNOWN
    return words.value(amount_or_value(row, prefix), row["unit"], currency)


def weeks(published: Published) -> list[date]:
    """The weeks that are reviewed, oldest first."""
    found = published.rows("select distinct week_start_on from metrics.weekly_review order by 1")
    return [row["week_start_on"] for row in found]


def sheet_of(published: Published, week: date, is_live: bool) -> Sheet:
    """The week as today's tables tell it."""
    facts = published.facts
    return Sheet(
        week_start_on=week,
        company=facts["company_name"],
        currency=published.currency,
        timezone=facts["timezone"],
        as_of_at=published.as_of_at,
        run_id=facts["run_id"],
        is_live=is_live,
        rows=rows_of(published, week),
        names=_names(published),
        trends=_trends(published, week),
    )


def rows_of(published: Published, week: date | None = None) -> list[dict]:
    """The rows of weekly_review in the order of the meeting, of one week or of all."""
    which = "where week_start_on = ?" if week else ""
    order = "week_start_on, position, section, figure, dimension_value"
    return published.rows(f"select * from metrics.weekly_review {which} order by {order}", [week] if week else [])


def _names(published: Published) -> dict[str, str]:
    return {row["metric"]: row["name"] for row in published.rows("select metric, name from metrics.metric_definitions")}


def _trends(published: Published, week: date) -> dict[str, list[float]]:
    """Each metric's last fiscal quarters as the reviews up to this week showed them; a gap is left out."""
    found = published.rows(
        "select distinct figure, from_on, cast(coalesce(value, value_amount) as double) as value "
        "from metrics.weekly_review where section = 'metrics' and week_start_on <= ? "
        "and coalesce(value, value_amount) is not null order by figure, from_on",
        [week],
    )
    trends: dict[str, dict[date, float]] = {}
    for row in found:
        trends.setdefault(row["figure"], {})[row["from_on"]] = row["value"]
    return {metric: list(points.values())[-TREND_QUARTERS:] for metric, points in trends.items()}


def save(sheet: Sheet, path: Path) -> None:
    """The file holds the sheet; amounts are text, so that no reader rounds them."""
    write_whole(path, json.dumps(asdict(sheet), default=_as_text, indent=1, ensure_ascii=False))


def load(path: Path) -> Sheet:
    """The sheet as it was saved."""
    found = json.loads(path.read_text(encoding="utf-8"))
    given = {field.name: found[field.name] for field in fields(Sheet)}
    given["week_start_on"] = date.fromisoformat(found["week_start_on"])
    given["as_of_at"] = datetime.fromisoformat(found["as_of_at"])
    given["rows"] = [{name: _from_text(name, value) for name, value in row.items()} for row in found["rows"]]
    return Sheet(**given)


def _as_text(value) -> str:
    return str(value) if isinstance(value, Decimal) else value.isoformat()


def _from_text(name: str, value):
    if value is None:
        return None
    if name.endswith("_amount"):
        return Decimal(value)
    return date.fromisoformat(value) if name.endswith("_on") else value
