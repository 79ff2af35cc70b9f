"""What was reviewed stays as it was reviewed: each week's rows are kept, and later corrections are told beside them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from math import isclose
from pathlib import Path

from onefunnel.home import Home
from onefunnel.pages import review_names, words
from onefunnel.pages.published import Published
from onefunnel.pages.review_names import ALL
from onefunnel.pages.review_rows import Sheet, amount_or_value, load, rows_of, save, shown

FOLDER = "review/kept"
KEY = ("section", "figure", "dimension", "dimension_value", "period_kind", "from_on", "until_on")
COMPARED = ("value", "value_amount", "numerator", "denominator")
# what people fill in after the page was made, and what is told of the newest week only, is not corrected
NOT_COMPARED = ("actions", "record", "health")
# where a row that comes or goes is news; of a metric another quarter is shown, which is none
WHOLE = ("generated", "advanced", "gap", "sla")


def path_of(home: Home, week: date) -> Path:
    return home.root / FOLDER / f"{week}.json"


def kept(home: Home, week: date) -> Sheet | None:
    """The week as it was reviewed, None where it has not been."""
    path = path_of(home, week)
    return load(path) if path.exists() else None


def keep(home: Home, sheet: Sheet) -> None:
    """The week's rows are kept as they are now."""
    save(sheet, path_of(home, sheet.week_start_on))


def corrections(home: Home, published: Published) -> list[dict]:
    """What today's tables tell otherwise than the reviews did, newest week first, totals before their parts.

    week_start_on; section, figure, dimension, dimension_value, from_on, until_on, unit of the row; name and period
    in words; was, now: the numbers; from, to: the same in words.
    """
    today: dict[date, list[dict]] = {}
    for row in rows_of(published):
        today.setdefault(row["week_start_on"], []).append(row)
    found = []
    for path in sorted((home.root / FOLDER).glob("[0-9]*.json"), reverse=True):
        sheet = load(path)
        if sheet.week_start_on in today:
            found += _of_week(sheet, today[sheet.week_start_on])
    return found


def _of_week(sheet: Sheet, rows: list[dict]) -> list[dict]:
    then, now = _by_key(sheet.rows), _by_key(rows)
    keys = list(then) + [key for key in now if key not in then]
    told = [
        _told(sheet, then.get(key), now.get(key))
        for key in keys
        if key[0] not in NOT_COMPARED and _differ(then.get(key), now.get(key), key[0])
    ]
    return sorted(told, key=lambda row: (row["dimension_value"] != ALL, -row["size"]))


def _by_key(rows: list[dict]) -> dict[tuple, dict]:
    return {tuple(row[name] for name in KEY): row for row in rows}


def _differ(then: dict | None, now: dict | None, section: str) -> bool:
    if then is None or now is None:
        # a source without anything in the week need not be listed
        return section in WHOLE and bool(amount_or_value(then or now))
    return any(not _same(then.get(name), now.get(name)) for name in COMPARED)


def _same(then, now) -> bool:
    if then is None or now is None or isinstance(then, Decimal):
        return then == now
    return isclose(then, now, rel_tol=1e-9, abs_tol=1e-12)


def _told(sheet: Sheet, then: dict | None, now: dict | None) -> dict:
    row, was, is_now = then or now, amount_or_value(then), amount_or_value(now)
    told = [_in_words(was, then, sheet.currency), _in_words(is_now, now, sheet.currency)]
    if told[0] == told[1] and row["unit"] == "amount":
        told = [words.money_in_full(amount, sheet.currency) for amount in (was, is_now)]
    elif told[0] == told[1]:
        told = [f"{text}{_of(which)}" for text, which in zip(told, (then, now), strict=True)]
    return {name: row[name] for name in KEY} | {
        "week_start_on": sheet.week_start_on,
        "unit": row["unit"],
        "name": review_names.name_of(row, sheet.names),
        "period": words.days(row["from_on"], row["until_on"]),
        "was": was,
        "now": is_now,
        "from": told[0],
        "to": told[1],
        "size": abs(float(is_now or 0) - float(was or 0)),
    }


def _in_words(number, row: dict | None, currency: str) -> str:
    return "not listed" if row is None else words.UNKNOWN if number is None else shown(row, currency)


def _of(row: dict | None) -> str:
    """The parts of a rate that looks the same."""
    if row is None or row.get("denominator") is None:
        return ""
    return f" ({words.count(row['numerator'])} of {words.count(row['denominator'])})"
