"""The rep's brief tells of a lead what a rep needs and nothing that names a person or quotes one."""

from __future__ import annotations

import duckdb
import pytest

SECRETS = """
select email as secret from funnel.core_leads union select phone from funnel.core_leads
union select email from funnel.core_contacts union select phone from funnel.core_contacts
union select disposition_reason from funnel.core_leads
union select words from funnel.core_objections union select marketing_action from funnel.core_objections
"""


@pytest.fixture(scope="module")
def con(small_run):
    with duckdb.connect(str(small_run[0] / "warehouse" / "candidate.duckdb"), read_only=True) as con:
        yield con


def test_no_cell_holds_an_address_a_number_or_what_anybody_wrote(con):
    secrets = {row[0].lower() for row in con.execute(SECRETS).fetchall() if row[0] and len(row[0]) > 5}
    rows = con.execute("select * from metrics.lead_brief").fetchall()
    cells = {str(cell).lower() for row in rows for cell in row if isinstance(cell, str)}
    assert len(secrets) > 500 and len(rows) > 10
    assert not [(cell, secret) for cell in cells for secret in secrets if secret in cell]


def test_it_lists_the_leads_that_are_with_sales_and_open_and_no_others(con):
    wanted = con.execute("""
        select lead_id from metrics.leads
        where routing in ('qualified_handed', 'unqualified_handed') and won_at is null and lost_at is null
            and lead_id not in (select lead_id from funnel.int_closed_leads)
    """).fetchall()
    assert sorted(wanted) == con.execute("select lead_id from metrics.lead_brief order by 1").fetchall()


def test_what_it_says_of_the_company_is_what_the_tables_say(con):
    told = con.execute("""
        select b.lead_id, b.company_deals, b.company_won_amount, b.company_objections
        from metrics.lead_brief as b order by 1
    """).fetchall()
    for lead_id, deals, won, objections in told:
        account = con.execute("select account_id from metrics.leads where lead_id = ?", [lead_id]).fetchone()[0]
        counted = con.execute(
            "select count(*), sum(deal_amount) filter (status = 'won') from metrics.deals where account_id = ?",
            [account],
        ).fetchone()
        heard = con.execute("select category from funnel.int_objections where account_id = ?", [account]).fetchall()
        assert (deals, won) == counted
        assert sum(int(part.rsplit(" ", 1)[1]) for part in objections.split("; ") if part != "none") == len(heard)
