"""The daily digest: shown at least once, recorded once, and what it shows cannot do any harm."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb
import pytest

from onefunnel import digest as digests
from onefunnel import lake
from onefunnel.config import DigestTo, read_sources
from onefunnel.digest import show
from onefunnel.digest_text import as_message
from onefunnel.errors import Stop
from onefunnel.home import Home
from onefunnel.send import channels
from tests.feedback.servers import mail_server, webhook

COLUMNS = (
    "objection_id varchar, found_in varchar, category varchar, raised_at timestamptz, is_surprised boolean, "
    "competitor varchar, lead_id varchar, deal_id varchar, company_name varchar, record_url varchar, "
    "owner_name varchar, segment varchar, deals_at_stake varchar, amount_at_stake_amount decimal(18, 2), "
    "category_word varchar, is_first_of_its_kind boolean, "
    "words varchar, last_answered_at timestamptz, last_marketing_action varchar"
)
AT = datetime(2026, 3, 30, 12, tzinfo=UTC)
PRICE = {
    "objection_id": "crm:O1", "found_in": "sheet", "category": "price", "raised_at": AT, "is_surprised": True,
    "company_name": "Acme [here](http://evil.example)", "record_url": "https://crm.example/deals/1",
    "deals_at_stake": "d1; d2", "amount_at_stake_amount": Decimal(300000), "words": '=HYPERLINK("x")\n# and more',
    "last_marketing_action": "A sheet", "last_answered_at": AT,
}  # fmt: skip
AGAIN = {
    "objection_id": "crm:O2", "found_in": "sheet", "category": "price", "raised_at": AT, "deals_at_stake": "d2",
    "amount_at_stake_amount": Decimal(200000), "record_url": "javascript:alert(1)", "last_marketing_action": "A sheet",
    "last_answered_at": AT,
}  # fmt: skip
CALL = {
    "objection_id": "activity:crm:A|7",
    "found_in": "call_outcome",
    "category": "incumbent supplier",
    "raised_at": AT,
}


@pytest.fixture()
def home(tmp_path):
    return Home(tmp_path)


def publish(home: Home, run_id: str, *objections: dict, as_of="2026-03-30 20:00:00+00", aged_out: int = 0) -> None:
    """A publication with these objections to show; 20:00 UTC is the next day in India."""
    home.published.mkdir(parents=True, exist_ok=True)
    path = home.published / "onefunnel.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as con:
        con.execute("create schema metrics")
        con.execute(
            f"create table metrics.run_info as select '{run_id}' as run_id, timestamptz '{as_of}' as as_of_at, "
            "'Asia/Kolkata' as timezone, 'INR' as reporting_currency"
        )
        con.execute("create table metrics.deals as select * from (values ('d1', 100000.00), ('d2', 200000.00)) "
                    "as t(deal_id, deal_amount)")  # fmt: skip
        con.execute("create table metrics.objections as select 'aged out' as digest_status "
                    f"from range({aged_out}) union all select unnest(['shown', 'to show', 'repeat'])")  # fmt: skip
        con.execute(f"create table metrics.objection_digest ({COLUMNS})")
        for row in objections:
            con.execute(f"insert into metrics.objection_digest by name select {', '.join(f'? as {c}' for c in row)}",
                        list(row.values()))  # fmt: skip


def recorded(home: Home) -> list[str]:
    return sorted(row["objection_id"] for row in digests._log(home))


def test_new_objections_are_written_by_category_and_recorded(home):
    publish(home, "r1", PRICE, AGAIN, CALL)
    digest = show(home, "r1", True, {})
    assert digest.path == home.published / "digests" / "2026-03-31.md"
    text = digest.path.read_text(encoding="utf-8")
    assert "3 new objections, 1 surprised sales, ₹3.00 lakh at stake" in text, "a deal is at stake once"
    assert text.index("## incumbent supplier: 1 new objection,") < text.index("## price: 2 new objections")
    assert "Marketing has not answered this yet." in text and "A sheet" in text
    assert "<https://crm.example/deals/1>" in text
    assert recorded(home) == ["activity:crm:A|7", "crm:O1", "crm:O2"]


def test_nothing_that_a_customer_said_is_a_link_a_heading_or_a_formula(home):
    publish(home, "r1", PRICE, AGAIN)
    digest = show(home, "r1", True, {})
    text = digest.path.read_text(encoding="utf-8")
    assert "javascript" not in text and "[here](" not in text and "\n# and" not in text
    with open(digest.table, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["objection_id"] for row in rows] == ["crm:O1", "crm:O2"]
    assert rows[0]["words"] == "'" + PRICE["words"]


def test_what_was_never_heard_before_and_what_was_never_shown_stand_out(home):
    odd = CALL | {"category": "unmapped", "category_word": "Colour <of> paint", "is_first_of_its_kind": True}
    publish(home, "r1", PRICE | {"is_first_of_its_kind": False}, odd, aged_out=1234)
    digest = show(home, "r1", True, {})
    text, message = digest.path.read_text(encoding="utf-8"), as_message(digest)
    assert "2 new objections, 1 surprised sales, 1 never heard before, ₹3.00 lakh at stake" in text
    assert "## unmapped: 1 new objection, 0 surprised sales, 1 never heard before," in text
    assert "never heard before, entered as “Colour \\<of\\> paint”" in text
    assert "## price: 1 new objection, 1 surprised sales, ₹3.00 lakh" in text
    assert "1,234 older objections were never shown" in text and "1,234 older objections were never shown" in message
    assert "1 never heard before" in message and "paint" not in message
    publish(home, "r2", PRICE | {"objection_id": "crm:O9"})
    assert "older" not in show(home, "r2", True, {}).text


def test_nothing_new_is_no_file_and_no_load(home):
    publish(home, "r1")
    assert show(home, "r1", True, {}) is None
    assert not (home.published / "digests").exists() and lake.load_ids(home) == []


def test_what_was_shown_is_never_shown_again_and_a_second_digest_of_a_day_keeps_the_first(home):
    publish(home, "r1", PRICE)
    first = show(home, "r1", True, {})
    before = first.path.read_text(encoding="utf-8")
    assert show(home, "r1", True, {}) is None, "the step is repeated"
    publish(home, "r2", PRICE, AGAIN)
    second = show(home, "r2", True, {})
    assert [row["objection_id"] for row in second.objections] == ["crm:O2"]
    assert second.path.name == "2026-03-31-2.md" and first.path.read_text(encoding="utf-8") == before
    assert recorded(home) == ["crm:O1", "crm:O2"]


@pytest.mark.parametrize("dies_in", ["write_whole", "_send", "_record"])
def test_a_run_that_dies_before_the_record_shows_them_again_in_the_same_file(home, monkeypatch, dies_in):
    publish(home, "r1", PRICE)
    with monkeypatch.context() as broken, pytest.raises(OSError):
        broken.setattr(digests, dies_in, dying)
        show(home, "r1", True, {})
    assert recorded(home) == []
    publish(home, "r2", PRICE, AGAIN)
    again = show(home, "r2", True, {})
    assert again.path.name == "2026-03-31.md" and len(again.objections) == 2
    assert recorded(home) == ["crm:O1", "crm:O2"]


def dying(*_, **__):
    raise OSError("the machine went away")


def test_a_channel_that_was_served_is_not_served_again_when_the_step_is_repeated(home):
    publish(home, "r1", PRICE)
    served = []
    with pytest.raises(OSError):
        show(home, "r1", True, {"email": served.append, "slack": dying})
    assert recorded(home) == []
    show(home, "r1", True, {"email": served.append, "slack": served.append})
    assert len(served) == 2 and recorded(home) == ["crm:O1"]


def test_a_run_of_a_pinned_instant_writes_and_neither_sends_nor_records(home):
    publish(home, "r1", PRICE)
    digest = show(home, "r1", False, {"email": dying})
    assert "Not recorded as shown" in digest.path.read_text(encoding="utf-8")
    assert lake.load_ids(home) == []
    publish(home, "r2", PRICE)
    assert show(home, "r2", True, {}).path == digest.path
    publish(home, "r3", PRICE)
    assert show(home, "r3", False, {}).path.name == "2026-03-31-2.md", "a digest on record is never written over"


def test_a_run_whose_tables_were_replaced_shows_nothing(home):
    publish(home, "r2", PRICE)
    with pytest.raises(Stop, match="r2"):
        show(home, "r1", True, {})
    assert recorded(home) == []


@pytest.fixture()
def connections(monkeypatch):
    """Airflow's connections to servers on loopback, as a deployment gives them."""

    def given(mail_port: int | None = None, hook_port: int | None = None):
        if mail_port:
            extra = {"disable_ssl": True, "disable_tls": True, "from_email": "onefunnel@company.example"}
            told = {"conn_type": "smtp", "host": "127.0.0.1", "port": mail_port, "extra": extra}
            monkeypatch.setenv("AIRFLOW_CONN_ONEFUNNEL_SMTP", json.dumps(told))
        if hook_port:
            told = {"conn_type": "http", "host": f"http://127.0.0.1:{hook_port}/services", "password": "T0/B0/secret"}
            monkeypatch.setenv("AIRFLOW_CONN_ONEFUNNEL_SLACK", json.dumps(told))

    return given


def test_the_digest_arrives_by_mail_with_its_table(home, connections):
    publish(home, "r1", PRICE, AGAIN)
    with mail_server() as server:
        connections(mail_port=server.port)
        show(home, "r1", True, channels(DigestTo(email=["m@company.example", "s@company.example"])))
    ((to, message),) = server.kept
    assert to == ["m@company.example", "s@company.example"] and message["From"] == "onefunnel@company.example"
    assert message["Subject"].startswith("Objections new to marketing, 31 Mar 2026: 2 new objections")
    body, table = message.walk(), list(message.iter_attachments())
    assert any(
        "price: 2 new objections" in part.get_content() for part in body if part.get_content_type() == "text/html"
    )
    assert [part.get_filename() for part in table] == ["2026-03-31.csv"]


def test_the_message_arrives_at_the_webhook_without_a_customers_words(home, connections):
    publish(home, "r1", PRICE, CALL)
    with webhook() as server:
        connections(hook_port=server.port)
        digest = show(home, "r1", True, channels(DigestTo(slack=True)))
    assert server.kept == [("/services/T0/B0/secret", {"text": as_message(digest)})]
    assert "HYPERLINK" not in as_message(digest) and "- price: 1 new objection" in as_message(digest)


@pytest.mark.parametrize("answers", [500, 302, 403])
def test_a_webhook_that_refuses_is_an_error_without_its_secret_and_nothing_is_recorded(home, connections, answers):
    publish(home, "r1", PRICE)
    with webhook(answers) as server:
        connections(hook_port=server.port)
        with pytest.raises(RuntimeError, match=str(answers)) as caught:
            show(home, "r1", True, channels(DigestTo(slack=True)))
    connections(hook_port=1)
    with pytest.raises(RuntimeError, match="could not be reached") as unreachable:
        show(home, "r1", True, channels(DigestTo(slack=True)))
    assert "secret" not in f"{caught.value}{unreachable.value}" and recorded(home) == []


@pytest.mark.parametrize("to", [DigestTo(email=["m@company.example"]), DigestTo(slack=True)])
def test_a_connection_that_is_not_there_is_named(home, to):
    publish(home, "r1", PRICE)
    with pytest.raises(Stop, match=r"no Airflow connection onefunnel_(smtp|slack)"):
        show(home, "r1", True, channels(to))
    assert recorded(home) == []


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("digest: {email: [marketing]}", "key digest.email: 'marketing' is not an e-mail address"),
        ("digest: {email: ['a@b.example\\nBcc: x@y.example']}", "is not an e-mail address"),
        ("digest: {slack: perhaps}", "key digest.slack: 'perhaps' must be true or false"),
        ("digest: {teams: true}", "key digest.teams: 'True' is no key of sources.yml"),
    ],
)
def test_who_is_told_is_checked_with_the_file(tmp_path, given, told):
    path = tmp_path / "sources.yml"
    path.write_text(f"{given}\nsources:\n  - {{name: crm, kind: csv_folder, folder: x, entities: {{leads: l.csv}}}}\n")
    with pytest.raises(Stop) as caught:
        read_sources(path)
    assert told in str(caught.value)


def test_no_source_takes_the_name_of_our_own_records(tmp_path):
    path = tmp_path / "sources.yml"
    path.write_text("sources:\n  - {name: onefunnel, kind: csv_folder, folder: x, entities: {leads: l.csv}}\n")
    with pytest.raises(Stop, match="the name under which onefunnel keeps its own records"):
        read_sources(path)


def test_what_is_recorded_is_read_as_entity_digests(place):
    """From the record through the lake's view and dbt to core_digests, on a source whose ids are another's."""
    from onefunnel import warehouse
    from onefunnel.agreement import check_agreement, read_agreement
    from tests import support

    place.extract("lead_id,created_at\nL1,2025-01-01\n")
    publish(place.home, "r1", PRICE, CALL)
    show(place.home, "r1", True, {})
    agreement, at = read_agreement(support.CHECKOUT / "agreement"), datetime.now(UTC)
    check_agreement(agreement, at)
    sources = read_sources(place.root / "sources.yml")
    warehouse.prepare(place.home, warehouse.RunFacts("r2", at, at), sources, agreement)
    warehouse.build(place.home, sources, select=["+core_digests"])
    with duckdb.connect(str(place.home.candidate), read_only=True) as con:
        shown = con.execute("select objection_id, shown_at from funnel.core_digests order by 1").fetchall()
        loads = con.execute("select load_ids from run.context").fetchone()[0]
        told = con.execute("select source_name, entity from run.delivered order by 1, 2").fetchall()
    assert [row[0] for row in shown] == ["activity:crm:A|7", "crm:O1"] and all(row[1] <= at for row in shown)
    assert "onefunnel/" in loads and ("onefunnel", "digests") in told
    assert date.today() - shown[0][1].date() <= date.resolution
