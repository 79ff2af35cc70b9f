"""What came before the deals, again from the raw lake: touches, whose they can be, records, invoices and spend."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa

from onefunnel.gate.channels import HAS_KIND, WORDS, channel_of, read_kinds, read_rules
from onefunnel.gate.spend import read_invoices, read_spend
from onefunnel.gate.tax import pan
from onefunnel.judge.instants import DAY, instant
from onefunnel.judge.read import Lake
from onefunnel.judge.rules import Agreement
from onefunnel.judge.signed import rows_of

# a touch in its source's words; ids carry whose they are, and are null where nobody bears them
TOUCHES = """
    with
    by_name as (
        select _ids_of, {name} as last_name, min(_key) as lead_id
        from lead where last_name is not null group by all having count(*) = 1
    ),
    campaign as (
        select _ids_of, _key, type, name,
            count(*) over (partition by _ids_of, name) as namesakes
        from campaigns where is_chosen and fate = 'out'
    )
    select
        t._ids_of || ':' || case when t._kind = 'zoho_crm' then t.row_hash || '-' || t._occurrence else t._key end
            as touch_id,
        t.happened_at, t.kind, t.utm_source, t.utm_medium,
        t._ids_of || ':' || coalesce(t.lead_id, n.lead_id) as lead_id,
        t._ids_of || ':' || t.contact_id as contact_id,
        t._ids_of || ':' || t.anonymous_id as visitor,
        {address} as email,
        t._ids_of || ':' || case when t._kind = 'zoho_crm' then c._key else t.campaign_id end as campaign_id,
        c.type as campaign_type
    from touches t
    left join by_name n on t._kind = 'zoho_crm' and n._ids_of = t._ids_of and n.last_name = {theirs}
    left join campaign c on c._ids_of = t._ids_of
        and case when t._kind = 'zoho_crm' then c.name = t.campaign_id and c.namesakes = 1
            else c._key = t.campaign_id end
    where t.is_chosen and t.fate = 'out'
"""
NORMAL = "lower(trim(regexp_replace({}, '\\s+', ' ', 'g')))"


@dataclass
class Market:
    """touches: one row per touch (touch_id, happened_at, ids, email, WORDS, channel, has_agreed_kind).

    mailboxes: (entity, record_id, email) of leads and contacts; records: (entity, record_id, pan);
    withdrawals: (lead_id, withdrawn_at, given_at); spend and invoices: see spend.py; lookback: microseconds.
    """

    touches: pa.Table
    mailboxes: pa.Table
    records: pd.DataFrame
    withdrawals: pd.DataFrame
    spend: pd.DataFrame
    invoices: pd.DataFrame
    lookback: int


def read_market(lake: Lake, agreement: Agreement, folder: Path, leads: dict[str, dict]) -> Market:
    """The lake's own word, as of its instant. leads: their raw cells by lead_id."""
    models = {(row["model"], row["item"]): row["value"] for row in rows_of(folder, "attribution_models")}
    return Market(
        touches=_touches(lake, folder),
        mailboxes=_mailboxes(lake),
        records=_records(lake, leads),
        withdrawals=_withdrawals(leads),
        spend=read_spend(lake, agreement, read_rules(folder)),
        invoices=read_invoices(lake, agreement),
        lookback=int(models["all", "lookback_days"]) * DAY,
    )


def _touches(lake: Lake, folder: Path) -> pa.Table:
    rules, kinds = read_rules(folder), read_kinds(folder)
    names = {"name": "last_name", "theirs": "t.last_name", "address": "t.email"}
    sql = TOUCHES.format(**{name: NORMAL.format(column) for name, column in names.items()})
    lake.con.execute(f"create temp table told_touch as {sql}")
    words = lake.con.execute(f"select distinct {', '.join(WORDS)} from told_touch").df().astype(object)
    words = words.where(words.notna(), None)
    words["channel"] = [
        channel_of(rules, campaign_type=w.campaign_type, touch_kind=w.kind, utm_source=w.utm_source,
                   utm_medium=w.utm_medium)
        for w in words.itertuples()
    ]  # fmt: skip
    words[HAS_KIND] = [w.kind in kinds and (not kinds[w.kind] or w.utm_source is not None) for w in words.itertuples()]
    lake.con.register("touch_words", words)
    same = " and ".join(f"t.{name} is not distinct from w.{name}" for name in WORDS)
    return lake.con.sql(
        f"select t.*, w.channel, w.{HAS_KIND} from told_touch t join touch_words w on {same}"
    ).to_arrow_table()


def _mailboxes(lake: Lake) -> pa.Table:
    return lake.con.sql(
        f"""
        select 'lead' as entity, lead_id as record_id, {NORMAL.format("email")} as email from lead
        where email is not null
        union
        select 'contact', _ids_of || ':' || _key, {NORMAL.format("email")} from contacts
        where is_chosen and fate = 'out' and email is not null
        """
    ).to_arrow_table()


def _records(lake: Lake, leads: dict[str, dict]) -> pd.DataFrame:
    """Every record that identity has to place, once, with the PAN that it gives."""
    rows = [("lead", lead_id, pan(cells["gstin"])) for lead_id, cells in leads.items()]
    for entity, table, gstin in (
        ("contact", "contacts", "null"),
        ("company", "companies", "gstin"),
        ("deal", "deals", "null"),
    ):
        found = lake.con.execute(
            f"""select distinct on (_ids_of, _key) _ids_of || ':' || _key, {gstin} from {table}
            where is_chosen and fate = 'out' order by _ids_of, _key, _source"""
        )
        rows += [(entity, record_id, pan(cell)) for record_id, cell in found.fetchall()]
    return pd.DataFrame(rows, columns=["entity", "record_id", "pan"], dtype=object)


def _withdrawals(leads: dict[str, dict]) -> pd.DataFrame:
    rows = []
    for lead_id, row in leads.items():
        withdrawn, given = (
            instant(row[name], row["zone"], row["day_first"]) for name in ("consent_withdrawn_at", "consent_given_at")
        )
        if withdrawn is not None:
            rows.append((lead_id, withdrawn, given))
    frame = pd.DataFrame(rows, columns=["lead_id", "withdrawn_at", "given_at"])
    return frame.astype({"lead_id": object, "withdrawn_at": "Int64", "given_at": "Int64"})
