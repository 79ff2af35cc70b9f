"""Touches as both the CRM and the export desk write them."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from onefunnel.sample import words
from onefunnel.sample.clock import stream, utc
from onefunnel.sample.tables import Table
from onefunnel.sample.touches import KIND

PAID = {
    "google": ("google", "cpc"),
    "linkedin": ("linkedin", "paid_social"),
    "meta": ("facebook", "paid_social"),
}
UTM = [PAID.get(name, ("", "")) for name in words.SOURCE_NAMES]
PATHS = {
    "page_view": "/products",
    "pricing_page": "/pricing",
    "demo_request": "/demo",
    "form_fill": "/contact",
}


def touch_columns(w: SimpleNamespace, keep: np.ndarray) -> dict[str, list]:
    """The cells of touches of these rows, besides id and instant."""
    kinds, how = (
        [words.KINDS[k] for k in w.touches.kind[keep].tolist()],
        w.addressing[keep].tolist(),
    )
    who, contact = w.touches.lead[keep].tolist(), w.lead_contact.tolist()
    mails = w.spelled.email
    return {
        "kind": kinds,
        "lead_id": ["" if h in (1, 3) else w.lead_ids[i] for i, h in zip(who, how)],
        "contact_id": [w.contact_ids[contact[i]] if h == 2 and contact[i] >= 0 else "" for i, h in zip(who, how)],
        "email": ["" if h != 1 else mails[i].title() if i % 7 == 0 else mails[i] for i, h in zip(who, how)],
        "anonymous_id": [f"v{i * 7919 % 999_983:06d}" if k in PATHS else "" for i, k in zip(who, kinds)],
        **_campaign_columns(w, keep),
        "url": [f"https://www.sahyadri.example{PATHS[k]}" if k in PATHS else "" for k in kinds],
    }


def _campaign_columns(w: SimpleNamespace, keep: np.ndarray) -> dict[str, list]:
    """A third of touches name the lead's campaign; those on our pages say so in the link."""
    named = stream(w.seed, "utm").random(len(w.touches.lead))[keep] < 0.3
    lead = w.touches.lead[keep]
    campaign = np.where(named, w.leads.campaign[lead], -1).tolist()
    web = np.isin(w.touches.kind[keep], [KIND[k] for k in PATHS]).tolist()
    tags = [UTM[s] if b and c >= 0 else ("", "") for s, b, c in zip(w.leads.source[lead].tolist(), web, campaign)]
    ids = w.campaigns.ids
    return {
        "campaign_id": [ids[c] if c >= 0 else "" for c in campaign],
        "utm_source": [t[0] for t in tags],
        "utm_medium": [t[1] for t in tags],
        "utm_campaign": [ids[c].lower() if b and c >= 0 else "" for b, c in zip(web, campaign)],
    }


def touches(w: SimpleNamespace) -> Table:
    """touches.csv: UTC, in order of time."""
    t = w.touches
    keep = np.flatnonzero(~w.leads.desk[t.lead])
    keep = keep[np.argsort(t.at[keep], kind="stable")]
    ids = [f"T{n}" for n in range(1_000_001, 1_000_001 + len(keep))]
    return Table.of("touches", {"touch_id": ids, "happened_at": utc(t.at[keep]), **touch_columns(w, keep)})
