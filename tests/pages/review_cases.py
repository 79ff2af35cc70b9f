"""The weeks that a review must survive: empty, tiny, huge, long-named, negative, silent, foreign."""

from __future__ import annotations

from datetime import UTC, date, datetime

from onefunnel.pages import review
from onefunnel.pages.published import Published
from onefunnel.pages.review_record import MEETING
from onefunnel.pages.review_rows import Sheet
from tests.pages import homes

SIXTY = "Trade fair of pumps, valves and fluid systems, Pune & Mumbai"
UNBROKEN = "Donaudampfschifffahrtsgesellschaftskapitänskajütenschlüssels"
NINETY = "the price of the whole installation over ten years compared with two makers from the region"
NO_MOVES = dict.fromkeys(homes.WATERFALL, 0)
AS_OF = datetime(2026, 3, 31, 18, 30, tzinfo=UTC)
FACTS = {"company_name": "Sahyadri Fluid Systems", "reporting_currency": "INR", "timezone": "Asia/Kolkata"}
FACTS |= {"as_of_at": AS_OF}


def _unavailable() -> list[dict]:
    """Nothing is known of anything, each with its reason."""
    numbers = [name for name, kind in homes.COLUMNS.items() if kind in ("double", "decimal(18,2)")]
    empty = dict.fromkeys(numbers) | {"status": "unavailable: not recorded"}
    rows = [
        row | ({} if row["figure"] == "horizon" else empty) for row in homes.review(actions=homes.actions(last=None))
    ]
    return [row | {"words": None} if row["section"] in ("gap", "objections") else row for row in rows]


def _long(name: str) -> list[dict]:
    sources = {f"{name[:-2]} {place}": numbers for place, numbers in enumerate(homes.SOURCES.values())}
    return homes.review(
        generated=homes.generated(sources=sources),
        advanced=homes.advanced(sources={source: (600, 40, 31, 5, 16) for source in sources}),
        objections=homes.objections(told={name: (3, 12, name, "new")}),
        health=homes.health(sources=(name, "crm")),
    )


def _sized(crore: float) -> list[dict]:
    """Every amount of the week of that size."""
    lakh = crore * 100
    return homes.review(
        quarter=homes.quarter(
            expected=lakh, low=lakh * 0.7, high=lakh * 1.4, target=lakh, closed=lakh / 3, commit=lakh * 0.4
        ),
        generated=homes.generated(sources={"Dealers": (lakh, 3, lakh, lakh), "Website": (0, 0, 0, 0)}),
        advanced=homes.advanced(
            sources={"Dealers": (lakh, lakh / 9, lakh / 9, 0, 0)}, waterfall=dict.fromkeys(homes.WATERFALL, lakh)
        ),
    )


def _everything() -> list[dict]:
    """All that takes room, in one week."""
    sources = {f"{SIXTY[:-3]} {place:02d}": numbers for place, numbers in enumerate(FORTY.values())}
    span = {"from_on": date(2025, 10, 1), "until_on": date(2025, 12, 31), "period_kind": "fiscal_quarter"}
    amounts = {"value_amount": homes.lakh(31), "before_amount": homes.lakh(12), "status": "short history"}
    long = {f"{place} {NINETY}": (9 - place, 40, NINETY * 2, "new") for place in range(5)}
    return homes.review(
        generated=homes.generated(sources=sources),
        advanced=homes.advanced(sources={name: (600, 40, 31, 5, 16) for name in sources}),
        metrics=[homes.row("metrics", place, name, **span, **amounts) for place, name in enumerate(MEETING)],
        objections=homes.objections(told=long),
        actions=homes.actions(last=f"{NINETY}; {NINETY} (Priya Banerjee, due 27 Mar 2026)", this=f"{NINETY}; {NINETY}"),
        health=homes.health(sources=tuple(f"source_{place}" for place in range(12))),
    )


FORTY = {f"Channel number {place}": (40 - place + 0.25, place, 30, 20.1) for place in range(1, 41)}
NEGATIVE = {"Dealers": (-12.4, 1, 30, 14), "Website": (4.2, 2, 3, -1), "Email": (0, 0, 1, 1)}
CASES: dict[str, list[dict]] = {
    "usual": homes.review(),
    "no deals": homes.review(
        quarter=homes.quarter(expected=None, low=None, high=None, closed=0, commit=None),
        generated=homes.generated(sources={}),
        advanced=homes.advanced(sources={}, waterfall=NO_MOVES),
        gap=homes.gap(named=False),
        sla=homes.sla(due=0),
        objections=homes.objections(told={}),
        record=homes.record(known=False),
    ),
    "one deal": homes.review(
        generated=homes.generated(sources={"Dealers": (3.1, 1, 0, 0.24)}),
        advanced=homes.advanced(sources={"Dealers": (0, 0, 0, 0, 0)}, waterfall=NO_MOVES | {"created": 3.1}),
        objections=homes.objections(told={"price": (1, 3.1, None, "new")}),
        sla=homes.sla(due=1),
    ),
    "forty channels": homes.review(
        generated=homes.generated(sources=FORTY),
        advanced=homes.advanced(sources={name: (600, 40, 31, 5, 16) for name in FORTY}),
        health=homes.health(sources=tuple(f"source_{place}" for place in range(12))),
    ),
    "sixty characters": _long(SIXTY),
    "sixty without a space": _long(UNBROKEN),
    "a negative week": homes.review(
        generated=homes.generated(sources=NEGATIVE),
        advanced=homes.advanced(waterfall=homes.WATERFALL | {"created": -12.4, "reclassified": -300}),
    ),
    "nothing but zero": _sized(0),
    "nine hundred crore": _sized(900),
    "all unavailable": _unavailable(),
    "no actions": homes.review(actions=homes.actions(last=None), gap=homes.gap(named=False)),
    "long objections": homes.review(
        objections=homes.objections(
            told={f"{place} {NINETY}": (9 - place, 40, NINETY * 2, "new") for place in range(5)}
        ),
        actions=homes.actions(last=f"{NINETY}; {NINETY} (Priya Banerjee, due 27 Mar 2026)", this=f"{NINETY}; {NINETY}"),
    ),
    "everything at once": _everything(),
    "no rows": [],
}
IN_DOLLARS = {"dollars": homes.review()}


def sheet(rows: list[dict], **facts) -> Sheet:
    """The rows as the week of a company with the usual names and trends."""
    told = FACTS | facts
    return Sheet(
        week_start_on=homes.WEEK,
        company=told["company_name"],
        currency=told["reporting_currency"],
        timezone=told["timezone"],
        as_of_at=AS_OF,
        run_id="run-1",
        is_live=False,
        rows=rows,
        names={metric: named for metric, (named, *_) in homes.METRICS.items()},
        trends={"opportunity_to_close_rate": [0.31, 0.29, 0.302, 0.281], "cac": [151_000.0, 184_000.0]},
    )


def page(rows: list[dict], corrected: list[dict] | None = None, **facts) -> str:
    """The rows' page as text."""
    return review.page(sheet(rows, **facts), Published(None, FACTS | facts), "latest.html", corrected or [])
