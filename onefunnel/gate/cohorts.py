"""The funnel's counts again, from the instants that the gate found itself."""

from __future__ import annotations

import pandas as pd

from onefunnel.gate.checks import as_text

# stage of the funnel -> the column that dates it
DATED = {
    "lead": "created_at",
    "mql": "mql_at",
    "handed_over": "first_handed_over_at",
    "sal": "accepted_at",
    "sql": "sql_at",
    "opportunity": "opportunity_at",
    "won": "won_at",
    "lost": "lost_at",
}
PASSED = ("handed_over", "sal", "sql", "opportunity", "won")
# whether a source tells of sal and sql is the tables' own word; their cohorts are not recounted
RECOUNTED = ("lead", "mql", "handed_over", "opportunity", "won", "lost")
PERIODS = {"week": None, "month": 1, "fiscal_quarter": 3, "fiscal_year": 12}
COUNTS = ("cohort_size", "reached", "rate", "status")


def weeks(leads: pd.DataFrame, stage: str, zone: str) -> dict[str, int]:
    """Monday -> leads that first entered the stage in its week."""
    days = leads[DATED[stage]].dropna().dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
    return starts_of(days, "week", 1).dt.strftime("%Y-%m-%d").value_counts().to_dict() if len(days) else {}


def recounted_cohorts(leads: pd.DataFrame, settings, as_of: pd.Timestamp) -> pd.DataFrame:
    """One row per period and stage over all channels: cohort_id and COUNTS as text."""
    days = leads["created_at"].dt.tz_convert(settings.timezone).dt.tz_localize(None).dt.normalize()
    within = pd.Timedelta(days=settings.maturity_days)
    rows = []
    for period, months in PERIODS.items():
        starts = starts_of(days, period, settings.fiscal_year_start_month)
        for stage in RECOUNTED:
            told = leads["times_handed_over"].notna() | (stage != "handed_over")
            reached = _reached(leads, stage, within) & told
            for start, (size, number) in pd.DataFrame({"t": told, "r": reached}).groupby(starts).sum().iterrows():
                end = start + (pd.Timedelta(days=7) if months is None else pd.DateOffset(months=months))
                is_final = as_of - end.tz_localize(settings.timezone) >= within
                rows.append((f"{period} {start:%Y-%m-%d} {stage}", size, number, is_final))
    return _worded(pd.DataFrame(rows, columns=["cohort_id", "size", "number", "is_final"]))


def starts_of(days: pd.Series, period: str, first_month: int) -> pd.Series:
    """The first day of the period each day lies in."""
    if period == "week":
        return days - pd.to_timedelta(days.dt.weekday, unit="D")
    length, shift = PERIODS[period], 0 if period == "month" else first_month - 1
    month = days.dt.year * 12 + days.dt.month - 1 - shift
    month = month - month % length + shift
    return pd.to_datetime(pd.DataFrame({"year": month // 12, "month": month % 12 + 1, "day": 1}))


def _reached(leads: pd.DataFrame, stage: str, within: pd.Timedelta) -> pd.Series:
    """Whether the lead came to the stage, or a later one, in time; one dated before the lead does not count."""
    stages = PASSED[PASSED.index(stage) :] if stage in PASSED else (stage,)
    reached = pd.Series(False, index=leads.index)
    for name in stages:
        took = leads[DATED[name]] - leads["created_at"]
        reached |= (took >= pd.Timedelta(0)) & (took < within)
    return reached


def _worded(frame: pd.DataFrame) -> pd.DataFrame:
    known = frame["size"] > 0
    rate = frame["number"].astype(float) / frame["size"].where(known)
    status = frame["is_final"].map({True: "final", False: "maturing"})
    return pd.DataFrame(
        {
            "cohort_id": frame["cohort_id"],
            "cohort_size": as_text(frame["size"]),
            "reached": as_text(frame["number"].where(known).astype("Int64")),
            "rate": as_text(rate.where(known & frame["is_final"])),
            "status": status.where(known, "unavailable: no handover time"),
        }
    )
