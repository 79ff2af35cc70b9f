"""What both sides promised and kept lately, and what stands out, in the words that end a run."""

from __future__ import annotations

from datetime import timedelta

PROMISES = (
    ("definition_met", "marketing's handed leads meet the definition"),
    ("contact", "sales contacts in time"),
    ("disposition", "sales advances or disposes of in time"),
)
# the sides' own rows of the last weeks that are over; the day, the weeks' days, the day
_KEPT = f"""
select measure, sum(met), sum(due), sum(due * target)
from metrics.sla_weekly
where owner_id = '(all)' and team in ('(all)', 'marketing') and measure in {tuple(m for m, _ in PROMISES)}
    and week_start_on >= cast(? as date) - cast(? as integer) and week_start_on + 7 <= cast(? as date)
group by measure
having sum(due) > 0
"""
_FINDINGS = """
select is_current, finding, subject_name, period_start_on, period_end_on, observed_rate, expected_rate, earlier_rate
from metrics.findings
order by is_current desc, period_start_on desc nulls last, finding, subject_id
"""


def promises(con, today, weeks: int) -> list[str]:
    """One line on the service levels of so many weeks before the local day; none where nothing was due."""
    kept = {row[0]: row[1:] for row in con.execute(_KEPT, [today, 7 * weeks, today]).fetchall()}
    told = []
    for measure, words in PROMISES:
        if measure in kept:
            met, due, promised = kept[measure]
            told.append(f"{words} {_percent(met / due)} (promised {_percent(promised / due)})")
    return [f"  last {weeks} weeks: {'; '.join(told)}"] if told else []


def findings(con) -> list[str]:
    """A line for each finding: what is of now first, the latest first."""
    found = con.execute(_FINDINGS).fetchall()
    return [f"  {'stands' if is_current else 'stood'} out: {_finding(*row)}" for is_current, *row in found]


def _finding(finding: str, subject: str, start, end, observed: float, expected: float, earlier: float | None) -> str:
    here, there = _percent(observed), _percent(expected)
    match finding:
        case "campaign_stopped_fitting" | "campaign_never_fitted" | "campaign_does_not_fit":
            before = {
                "campaign_stopped_fitting": f"before it stopped fitting {_percent(earlier or 0)}",
                "campaign_never_fitted": "it never fitted",
                "campaign_does_not_fit": "too few were handed over before to say whether it ever fitted",
            }[finding]
            leads = f"of the leads of '{subject}' handed over from {_on(start)} to {_on(end - timedelta(days=1))}"
            return f"{leads} {here} met the definition, of all others {there}; {before}"
        case "owner_never_dispositions":
            return (
                f"{subject} said what became of {here} of the leads that did not advance and were due since "
                f"{_on(start)}, colleagues of {there}"
            )
        case "contact_met_only_by_off_hours":
            return (
                f"in the fiscal year from {_on(start)} the contact promise was kept by off-hours alone: "
                f"{here} of what came in office hours was contacted in time, {there} of the rest"
            )
        case "objection_receded":
            return (
                f"'{subject}' came up {100 * observed:.0f} times in 100 conversations since marketing's answer of "
                f"{_on(start)}, {100 * expected:.0f} times before"
            )
    return f"{finding} {subject}: {here}, elsewhere {there}"


def _on(day) -> str:
    return f"{day:%d %b %Y}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
