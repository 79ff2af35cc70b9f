"""Turns the company into its three folders of exports."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np

from onefunnel.sample import (
    export_crm,
    export_desk,
    export_finance,
    export_history,
    export_touches,
    review_actions,
    words,
)
from onefunnel.sample.clock import stream
from onefunnel.sample.tables import Table, spoil_events, spoil_leads


def write(w: SimpleNamespace, out: Path) -> dict[str, list[Table]]:
    """Writes every file, dirt included, and returns the tables by source."""
    crm = [
        make(w)
        for make in (
            export_crm.leads,
            export_crm.companies,
            export_crm.contacts,
            export_crm.deals,
            export_history.lead_changes,
            export_history.deal_changes,
            export_history.activities,
            export_history.objections,
            export_history.digests,
            export_touches.touches,
            export_crm.campaigns,
        )
    ]
    crm += [export_crm.users(), review_actions.table(w)]
    desk = [export_desk.leads(w), export_desk.deals(w), export_desk.touches(w), export_desk.digests(w)]
    desk.append(export_desk.users())
    finance = export_finance.tables(w)
    _spoil(w, crm, desk)
    for table in crm:
        table.write(out / "crm")
    export_desk.write(desk, out / "export_desk")
    for table in finance:
        table.write(out / "finance")
    return {"crm": crm, "export_desk": desk, "finance": finance}


def _spoil(w: SimpleNamespace, crm: list[Table], desk: list[Table]) -> None:
    """A little dirt, more of it at larger scale."""
    rng = stream(w.seed, "dirt")
    count = max(2, int(5 * w.scale))
    for table, mine in ((crm[0], ~w.leads.desk), (desk[0], w.leads.desk)):
        row_in_file = np.cumsum(mine) - 1
        plain = row_in_file[w.plain[mine[w.plain]]]
        unknown = mine & (w.leads.employees < 0) & (w.leads.employees_later < 0)
        spoil_leads(rng, table, plain, row_in_file[unknown], count if table is crm[0] else 1)
    _spoil_events(w, rng, {t.name: t for t in crm}, count)


def _spoil_events(w: SimpleNamespace, rng: np.random.Generator, crm: dict[str, Table], count: int) -> None:
    """Page views, activities and two deals nobody's verdict hangs on."""
    views = [i for i, row in enumerate(crm["touches"].rows) if row[2] == "page_view"]
    spoil_events(rng, crm["touches"], "happened_at", views, count)
    spoil_events(rng, crm["activities"], "happened_at", range(len(crm["activities"].rows)), count)
    deals = crm["deals"]
    at = {name: deals.header.index(name) for name in ("lead_id", "stage", "deal_type")}
    idle = [
        i
        for i, row in enumerate(deals.rows)
        if not row[at["lead_id"]] and row[at["stage"]] == words.LOST and row[at["deal_type"]] == "new"
    ]
    spoil_events(rng, deals, "created_at", idle, 1)
    # no digest showed what nobody can date
    undated = {key for name in ("activities", "deals") for _, key, why in crm[name].spoiled if why != "duplicate id"}
    shown = crm["digests"]
    shown.rows = [row for row in shown.rows if row[0].partition(":")[2] not in undated]
