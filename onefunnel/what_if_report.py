"""What drafts would have changed, in words and a table for the two heads who may sign them."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from onefunnel.progress import count
from onefunnel.report import money

# two lines of header, and what stands below; the first column is words, the others are numbers
HEADER = tuple(
    zip(
        ("", "definition"),
        ("would be", "handed"),
        ("really", "handed"),
        ("never", "handed"),
        ("oppor-", "tunities"),
        ("", "worth"),
        ("", "won"),
        ("", "worth"),
        ("conversion", "of those"),
        ("missed", "opport."),
        ("missed", "worth"),
        ("a rep", "a week"),
        ("difference", "to in force"),
    )
)
VERDICTS = {"too few": "too few leads with an outcome to tell"}
NOTE = """  Both are judged as if they had been in force all the time. Only leads that were really handed over have an
  outcome; of the never handed nobody knows, and they count as no failure. Missed: handed over in history, but not
  by this definition. In brackets: where the true rate lies in 95 of 100 such cases."""


def told(figures: list[dict], leads: list[dict], settings, as_of: datetime) -> str:
    """A table and a sentence per draft. figures, leads: rows of the two tables, all drafts together."""
    lines = []
    for draft in sorted({row["draft_version"] for row in figures}):
        mine = sorted(
            (row for row in figures if row["draft_version"] == draft), key=lambda row: row["definition_order"]
        )
        first, currency = mine[0], settings.reporting_currency
        last_on = first["window_starts_on"] + timedelta(weeks=first["window_weeks"]) - timedelta(days=1)
        lines += [
            "",
            f"{settings.company_name}: draft version {draft} beside version {first['against_version']}, in force on "
            f"{as_of.astimezone(ZoneInfo(settings.timezone)):%d %b %Y}",
            f"  {count(first['leads'])} leads created {first['window_starts_on']:%d %b %Y} to {last_on:%d %b %Y} "
            f"({first['window_weeks']:.0f} weeks); outcomes within {settings.maturity_days} days of their creation",
            "",
            *_aligned([*HEADER, *(_cells(row, currency) for row in mine)]),
            "",
            *_sentences(mine, [row for row in leads if row["draft_version"] == draft], currency),
        ]
    return "\n".join([*lines, "", NOTE])


def _cells(row: dict, currency: str) -> tuple[str, ...]:
    difference = ""
    if row["conversion_difference_low"] == row["conversion_difference_high"] == 0:
        difference = "no lead with an outcome differs"
    elif row["verdict"] is not None:
        by = _interval(row, "conversion_difference", signed=True)
        difference = f"{by}: {row['verdict']}" if by else row["verdict"]
    return (
        row["definition"],
        count(row["would_be_handed"]),
        *(_known(row[name]) for name in ("known", "unobserved", "opportunities")),
        _money(row["opportunity_amount"], currency),
        _known(row["won"]),
        _money(row["won_amount"], currency),
        _interval(row, "conversion_rate") or "none known",
        _known(row["missed_opportunities"]),
        _money(row["missed_opportunity_amount"], currency),
        "no reps" if row["handovers_per_rep_week"] is None else f"{row['handovers_per_rep_week']:.2f}",
        difference,
    )


def _sentences(figures: list[dict], leads: list[dict], currency: str) -> list[str]:
    in_force, draft = figures[0], figures[1]
    less = [row for row in leads if row["met_by"] == "in force only"]
    more = [row for row in leads if row["met_by"] == "draft only"]
    lines = [
        f"  Version {draft['draft_version']} would have handed over {count(draft['would_be_handed'])} instead of "
        f"{count(in_force['would_be_handed'])} leads: {count(len(less))} no more, {count(len(more))} anew."
    ]
    lines += [f"  Of the {count(len(less))} no more, {_came_of(less, currency)}."] if less else []
    lines += [f"  Of the {count(len(more))} anew, {_came_of(more, currency)}."] if more else []
    now, then = _interval(draft, "conversion_rate"), _interval(in_force, "conversion_rate")
    verdict = VERDICTS.get(draft["verdict"], draft["verdict"])
    lines.append(f"  Conversion {now or 'unknown'} instead of {then or 'unknown'}: {verdict}.")
    return lines


def _came_of(rows: list[dict], currency: str) -> str:
    known = [row for row in rows if row["is_handed_over"]]
    reached = [row for row in known if row["is_opportunity"]]
    won = [row for row in known if row["is_won"]]
    worth = sum((row["opportunity_amount"] for row in reached), Decimal(0))
    told_ = f"{count(len(known))} were really handed over and {count(len(reached))} of them became opportunities"
    told_ += f" worth {money(worth, currency)}" if reached else ""
    if won:
        told_ += f" ({count(len(won))} won, {money(sum((row['won_amount'] for row in won), Decimal(0)), currency)})"
    unknown = len(rows) - len(known)
    return f"{told_}; of {count(unknown)} nobody knows" if unknown else told_


def _interval(row: dict, name: str, signed: bool = False) -> str:
    """41 % (35 to 47), in points with a sign for a difference; empty where it is unknown."""
    if row[name] is None:
        return ""
    sign = "+" if signed else ""
    low, high = (f"{100 * row[f'{name}_{end}']:{sign}.0f}" for end in ("low", "high"))
    return f"{100 * row[name]:{sign}.0f} {'points' if signed else '%'} ({low} to {high})"


def _known(number: int | None) -> str:
    return "unknown" if number is None else count(number)


def _money(amount, currency: str) -> str:
    return "unknown" if amount is None else "-" if not amount else money(amount, currency)


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    """Columns as wide as their widest cell: words to the left, numbers to the right."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    last = len(widths) - 1
    lines = []
    for row in rows:
        cells = [
            cell.ljust(width) if at in (0, last) else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append(f"  {'  '.join(cells)}".rstrip())
    return lines
