"""The judge's answers as pandas frames."""

import numpy as np
import pandas as pd

from onefunnel.judge.handover import Passage
from onefunnel.judge.history import Lead

FITS = ("industry_fits", "company_size_fits", "intent_fits", "role_fits", "geography_fits")


def leads_frame(
    leads: dict[str, Lead],
    passages: dict[str, Passage],
    verdicts: dict,
    qualified_at: dict[str, int],
    as_of: int,
) -> pd.DataFrame:
    """One row per lead: the verdict at its latest handover, at as_of where it had none."""
    keys = sorted(leads)
    passed = [passages[key] for key in keys]
    judged = [verdicts[key, p.latest if p.handovers else as_of] for key, p in zip(keys, passed, strict=True)]
    times = [None if p.handovers is None else len(p.handovers) for p in passed]
    routes = [routing(p, v.is_qualified) for p, v in zip(passed, judged, strict=True)]
    return pd.DataFrame(
        {
            "lead_id": _objects(keys),
            **{name: _objects([v.fits[i] for v in judged]) for i, name in enumerate(FITS)},
            "is_qualified": _objects([v.is_qualified for v in judged]),
            "not_qualified_reasons": _objects([v.reasons for v in judged]),
            "agreement_version": _integers([v.version for v in judged]),
            "reasons_as_of": _objects([verdicts[key, as_of].reasons for key in keys]),
            "mql_at": _instants([qualified_at.get(key) for key in keys]),
            "handed_over_at": _instants([p.latest for p in passed]),
            "first_handed_over_at": _instants([(p.handovers or [None])[0] for p in passed]),
            "times_handed_over": _integers(times),
            "handover_status": _objects([p.status for p in passed]),
            "routing": _objects(routes),
            "created_at": _instants([leads[key].created_at for key in keys]),
        }
    )


def routing(passed: Passage, is_qualified: bool) -> str | None:
    """Where the lead stands against where the definition would have it."""
    if passed.handovers is None:
        return None
    if passed.status == "handed":
        return "qualified_handed" if is_qualified else "unqualified_handed"
    return "qualified_waiting" if is_qualified else "nurture"


def handovers_frame(leads: dict[str, Lead], passages: dict[str, Passage], verdicts: dict) -> pd.DataFrame:
    """One row per handover, numbered per lead in time order."""
    rows = [
        (leads[key], n, at, verdicts[key, at])
        for key in sorted(leads)
        for n, at in enumerate(passages[key].handovers or [], start=1)
    ]
    met = [None if v.version is None else v.is_qualified for _, _, _, v in rows]
    return pd.DataFrame(
        {
            "handover_id": _objects([f"{lead.lead_id}#{n}" for lead, n, _, _ in rows]),
            "lead_id": _objects([lead.lead_id for lead, *_ in rows]),
            "handed_over_at": _instants([at for _, _, at, _ in rows]),
            "definition_met": _objects(met),
            "failed_criteria": _objects([v.reasons for *_, v in rows]),
            "judged_on": _objects([lead.judged_on for lead, *_ in rows]),
            "agreement_version": _integers([v.version for *_, v in rows]),
            "owner_id": _objects([_owner(lead, at) for lead, _, at, _ in rows]),
        }
    )


def counts_frame(counts: list[tuple]) -> pd.DataFrame:
    """One row per source and entity: rows_in = rows_excluded + rows_after_as_of + rows_out."""
    names = ["source_name", "entity", "rows_in", "rows_excluded", "rows_after_as_of", "rows_out"]
    return pd.DataFrame(sorted(counts), columns=names)


def _owner(lead: Lead, at: int) -> str | None:
    owner = lead.at("owner", at)
    return f"{lead.space}:{owner}" if owner else None


def _objects(values: list) -> pd.Series:
    return pd.Series(values, dtype=object)


def _integers(values: list) -> pd.Series:
    return pd.Series(values, dtype="Int64")


def _instants(values: list) -> pd.Series:
    missing = np.iinfo(np.int64).min  # how numpy spells "not a time"
    told = np.array([missing if v is None else v for v in values], dtype="int64")
    return pd.Series(told.view("datetime64[us]")).dt.tz_localize("UTC")
