"""The digest at the end of the real DAG, of a company that judges as of now: mail, webhook, record, a second run."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta

from onefunnel import lake
from onefunnel.digest import _log
from onefunnel.home import Home
from tests import support
from tests.feedback.servers import mail_server, webhook

SOURCES = """
digest: {email: [marketing@company.example], slack: true}
sources:
  - name: crm
    kind: csv_folder
    folder: exports
    currency: INR
    timezone: UTC
    entities: {leads: leads.csv, deals: deals.csv, objections: objections.csv}
"""


def company(folder) -> None:
    """One lead, one deal, and two objections logged an hour ago."""
    now = datetime.now(UTC)
    hour, year = ((now - timedelta(**ago)).strftime("%Y-%m-%d %H:%M:%S") for ago in ({"hours": 1}, {"days": 300}))
    (folder / "exports").mkdir()
    (folder / "sources.yml").write_text(SOURCES, encoding="utf-8")
    files = {
        "leads": [["lead_id", "created_at", "company_name", "status"], ["L1", year, "Acme Pumps", "Nurture"]],
        "deals": [["deal_id", "lead_id", "name", "amount", "stage", "created_at", "expected_close_on"],
                  ["D1", "L1", "pumps", "500000", "Offer Sent", year, "2030-01-01"]],
        "objections": [["objection_id", "raised_at", "logged_at", "lead_id", "deal_id", "category", "surprised"],
                       ["O1", hour, hour, "L1", "D1", "Price too high", "yes"],
                       ["O2", hour, hour, "L1", "D1", "Delivery time", "no"]],
    }  # fmt: skip
    for name, rows in files.items():
        with open(folder / "exports" / f"{name}.csv", "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)


def test_a_digest_that_could_not_be_sent_is_shown_by_the_next_run_and_then_never_again(tmp_path):
    company(tmp_path)
    home = Home(tmp_path / "home")
    with mail_server() as mail, webhook(answers=500) as hook:
        extra = {"disable_ssl": True, "disable_tls": True, "from_email": "onefunnel@company.example"}
        smtp = {"conn_type": "smtp", "host": "127.0.0.1", "port": mail.port, "extra": extra}
        slack = {"conn_type": "http", "host": f"http://127.0.0.1:{hook.port}", "password": "T0/B0/secret"}
        env = {
            "AIRFLOW_CONN_ONEFUNNEL_SMTP": json.dumps(smtp),
            "AIRFLOW_CONN_ONEFUNNEL_SLACK": json.dumps(slack),
        }
        refused = support.run(home.root, sources=tmp_path / "sources.yml", env=env)
        assert refused.returncode == 1 and "Slack answered 500" in refused.stdout, refused.stdout
        assert "its tables are published, but the new objections do not count as shown" in refused.stdout
        assert (home.root / "review" / "index.html").exists(), "what is published is on the pages"
        assert "secret" not in refused.stdout and _log(home) == []
        hook.answers = 200
        shown = support.run(home.root, sources=tmp_path / "sources.yml", env=env)
        again = support.run(home.root, sources=tmp_path / "sources.yml", env=env)
    for done in (shown, again):
        assert done.returncode == 0, done.stdout
    (file,) = (home.published / "digests").glob("*.md")
    assert f"digest: 2 new objections -> {file}" in shown.stdout
    assert "digest: no new objections" in again.stdout
    assert len(mail.kept) == 2 and len(hook.kept) == 2, "once refused, once shown, and no more"
    assert {row["objection_id"] for row in _log(home)} == {"crm:O1", "crm:O2"}
    # the forecast of the week, and the digest
    assert sum(load.startswith("onefunnel/") for load in lake.load_ids(home)) == 2
    with support.published(home.root) as con:
        assert con.execute("select count(*) from metrics.objection_digest").fetchone()[0] == 0
        assert "onefunnel/" in con.execute("select load_ids from metrics.run_info").fetchone()[0]
