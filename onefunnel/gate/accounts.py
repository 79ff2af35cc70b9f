"""Accounts and persons beside the lake's records: each placed once, no account over two legal entities."""

from __future__ import annotations

import pandas as pd

from onefunnel.gate.checks import beside
from onefunnel.gate.market import Market

OF_RECORDS = ("account_id", "person_id")
KEY = "entity || ' ' || record_id as record_key"


def records_frame(con, market: Market) -> pd.DataFrame:
    """One row per lead, contact, company and deal of either side.

    rejudged_account_id and rejudged_person_id are what leads and deals say of themselves; a person's records
    are one account's when the first of them is.
    """
    placed = con.execute(f"select {KEY}, account_id, same_person_as as person_id from metrics.account_records").df()
    told = con.execute(
        """
        select 'lead ' || lead_id as record_key, account_id, duplicate_of_lead_id as person_id from metrics.leads
        union all
        select 'deal ' || deal_id, account_id, null from metrics.deals
        """
    ).df()
    lake = pd.DataFrame({"record_key": market.records["entity"] + " " + market.records["record_id"]})
    known = lake["record_key"].str.startswith(("lead ", "deal "))
    others = lake[~known].merge(placed, "left", "record_key").drop_duplicates("record_key")
    judged = pd.concat([lake[known].merge(told, "left", "record_key"), others], ignore_index=True)
    return beside(placed, judged, "record_key", OF_RECORDS)


def accounts_frame(con, market: Market) -> pd.DataFrame:
    """One row per account with a valid GSTIN: how many different PANs its leads and companies give."""
    con.register("told_record", market.records)
    return con.execute(
        """
        select a.account_id, count(distinct r.pan) as pans,
            string_agg(distinct r.record_id, ', ' order by r.record_id) as record_ids
        from metrics.account_records as a
        join told_record as r on r.entity = a.entity and r.record_id = a.record_id
        where r.pan is not null group by a.account_id
        """
    ).df()


def persons_frame(con) -> pd.DataFrame:
    """One row per record that is taken for an earlier lead or contact.

    firsts: how many such there are; firsts_that_are_none: those that are no duplicates themselves.
    """
    return con.execute(
        """
        select d.entity, d.record_id, d.same_person_as, d.person_matched_by, count(distinct f.record_id) as firsts,
            count(distinct f.record_id) filter (f.same_person_as is null) as firsts_that_are_none
        from metrics.account_records as d
        left join metrics.account_records as f
            on f.record_id = d.same_person_as and (f.entity = 'lead' or (f.entity = 'contact' and d.entity = 'contact'))
        where d.same_person_as is not null group by all
        """
    ).df()
