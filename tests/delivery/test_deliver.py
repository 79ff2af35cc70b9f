"""The weekly review on its way: to a mail server and a webhook that are really there, and to each of them once."""

from __future__ import annotations

import json
import logging
import subprocess
import threading
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from onefunnel import deliver, send
from onefunnel.config import read_sources
from onefunnel.deliver import deliver_review
from onefunnel.errors import Stop
from tests.delivery import week
from tests.delivery.mail import mail_server, own_certificate
from tests.feedback.servers import webhook

TWO = "review: {email: [ceo@company.example, cfo@company.example]}"
LINES = [
    "FY27-Q1 (1 Apr – 30 Jun 2026): ₹8.22 crore expected (80 %: ₹6.20 crore to ₹11.79 crore); target ₹7.40 crore; "
    "closed so far ₹0; sales' commit ₹2.29 crore; a week before ₹8.00 crore was expected.",
    "Pipeline, 23–29 Mar 2026: ₹6.70 lakh generated in 3 deals (the week before ₹66.61 lakh); ₹40.04 lakh advanced "
    "(the week before ₹28.14 lakh).",
    f"Funnel gap: {week.GAP}. In that week marketing's handed leads meet the definition: 50 % of 4 (promised 75 %); "
    "sales contacts in time: nothing due (promised 90 %); sales advances or disposes of in time: 100 % of 9 "
    "(promised 85 %).",
]


@pytest.fixture
def connect(monkeypatch):
    """Airflow's connections to servers on loopback, as a deployment gives them."""

    def given(mail_port: int | None = None, hook_port: int | None = None, **extra):
        if mail_port:
            told = {"disable_ssl": True, "disable_tls": True, "from_email": "onefunnel@company.example", **extra}
            smtp = {"conn_type": "smtp", "host": "127.0.0.1", "port": mail_port, "extra": told}
            monkeypatch.setenv("AIRFLOW_CONN_ONEFUNNEL_SMTP", json.dumps(smtp))
        if hook_port:
            slack = {"conn_type": "slackwebhook", "host": f"http://127.0.0.1:{hook_port}/services"}
            slack["password"] = "T0/B0/secret"
            monkeypatch.setenv("AIRFLOW_CONN_ONEFUNNEL_SLACK", json.dumps(slack))

    return given


@pytest.fixture
def printed(monkeypatch):
    """No Chromium where a test is not about the PDF."""
    monkeypatch.setattr(deliver, "print_page", lambda page, pdf: pdf.write_bytes(page.read_bytes()))


def sheets(pdf: bytes, folder) -> int:
    (folder / "attached.pdf").write_bytes(pdf)
    told = subprocess.run(["pdfinfo", folder / "attached.pdf"], capture_output=True, text=True, check=True).stdout
    return int(next(line.split()[1] for line in told.splitlines() if line.startswith("Pages:")))


def test_each_addressee_has_the_weeks_review_as_a_pdf_with_three_lines(tmp_path, connect):
    home = week.published(tmp_path / "home", TWO)
    with mail_server() as server:
        connect(server.port)
        told = deliver_review(home, "r1")
        again = deliver_review(home, "r1")
    assert told == {"week": "2026-03-23", "sent": ["ceo@company.example", "cfo@company.example"], "already": [],
                    "why": None}  # fmt: skip
    assert again["sent"] == [] and again["already"] == told["sent"]
    assert [to for to, *_ in server.kept] == [["ceo@company.example"], ["cfo@company.example"]]
    for _, message, _ in server.kept:
        assert message["Subject"] == (
            "Weekly revenue review, 23–29 Mar 2026: FY27-Q1 ₹8.22 crore expected, target ₹7.40 crore"
        )
        (body,) = (part for part in message.walk() if part.get_content_type() == "text/html")
        text = body.get_content()
        assert [part.removesuffix("</p>") for part in text.split("<p>")[2:5]] == [
            line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#x27;")
            for line in LINES
        ]
        (attached,) = message.iter_attachments()
        assert attached.get_filename() == "revenue-review-2026-03-23.pdf"
        assert sheets(attached.get_payload(decode=True), tmp_path) == 2


def test_a_publication_before_seven_on_monday_sends_nothing_yet(tmp_path, connect):
    home = week.published(tmp_path, "review: {slack: true}")
    with webhook() as server:
        connect(hook_port=server.port)
        early = deliver_review(home, "r1", datetime.fromisoformat("2026-03-30T06:59:59+05:30"))
        assert (early["sent"], early["why"]) == ([], "it goes out on Monday from 07:00 on") and not server.kept
        assert deliver_review(home, "r1", datetime.fromisoformat("2026-03-30T07:00:00+05:30"))["sent"] == ["slack"]


def test_the_chat_gets_the_three_lines_and_nothing_in_them_is_markup(tmp_path, connect):
    home = week.published(tmp_path, "review: {slack: true}")
    with webhook() as server:
        connect(hook_port=server.port)
        assert deliver_review(home, "r1")["sent"] == ["slack"]
        assert deliver_review(home, "r1")["sent"] == []
    ((path, posted),) = server.kept
    assert path == "/services/T0/B0/secret"
    head, *lines = posted["text"].split("\n")
    assert head == "Hand &amp; Made: weekly revenue review, 23–29 Mar 2026"
    assert [line.removeprefix("• ") for line in lines] == [
        line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for line in LINES
    ]


def test_one_refused_address_keeps_nobody_else_from_theirs_and_gets_it_when_it_is_mended(tmp_path, connect, printed):
    home = week.published(tmp_path, TWO)
    with mail_server() as server:
        connect(server.port, retry_limit=0)
        server.refuses["ceo@company.example"] = "550 no such user here"
        with pytest.raises(Stop, match=r"ceo@company\.example: the mail server refused .* \(550 no such user here\)"):
            deliver_review(home, "r1")
        assert [to for to, *_ in server.kept] == [["cfo@company.example"]]
        server.refuses.clear()
        assert deliver_review(home, "r1") | {"why": None} == {
            "week": "2026-03-23", "sent": ["ceo@company.example"], "already": ["cfo@company.example"], "why": None
        }  # fmt: skip


def test_a_server_that_is_away_is_tried_again_by_the_scheduler_and_serves_when_it_is_back(tmp_path, connect, printed):
    home = week.published(tmp_path, TWO)
    with mail_server() as server:
        port = server.port
    connect(port, retry_limit=0)
    # Airflow tries again what is no Stop
    with pytest.raises(RuntimeError, match=r"ceo@company\.example, cfo@company\.example: .*could not be reached"):
        deliver_review(home, "r1")
    with mail_server(port=port) as server:
        server.refuses["cfo@company.example"] = "451 come again"
        with pytest.raises(RuntimeError, match="451 come again"):
            deliver_review(home, "r1")
        server.refuses.clear()
        deliver_review(home, "r1")
    assert [to for to, *_ in server.kept] == [["ceo@company.example"], ["cfo@company.example"]]


@pytest.mark.parametrize(("answers", "error"), [("452 disk full", RuntimeError), ("554 looks like spam", Stop)])
def test_a_message_that_is_refused_is_tried_again_only_where_that_may_pass(tmp_path, connect, printed, answers, error):
    home = week.published(tmp_path, TWO)
    with mail_server() as server:
        connect(server.port, retry_limit=0)
        server.answers = answers
        with pytest.raises(error, match=answers):
            deliver_review(home, "r1")
    assert server.kept == []


def test_a_run_that_dies_after_sending_to_one_does_not_send_to_that_one_again(tmp_path, connect, printed, monkeypatch):
    home = week.published(tmp_path, TWO)
    with mail_server() as server:
        connect(server.port)
        mail = send.mail

        def dying(to, *rest):
            if to == ["cfo@company.example"]:
                raise KeyboardInterrupt
            mail(to, *rest)

        with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
            broken.setattr(send, "mail", dying)
            deliver_review(home, "r1")
        assert deliver_review(home, "r1")["sent"] == ["cfo@company.example"]
    assert len(server.kept) == 2


@pytest.mark.parametrize("trusted", [True, False])
def test_mail_is_encrypted_where_the_connection_says_so_and_never_to_a_stranger(
    tmp_path, connect, printed, monkeypatch, trusted
):
    certificate = own_certificate(tmp_path)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    home = week.published(tmp_path / "home", TWO)
    with mail_server(certificate=certificate) as server:
        connect(server.port, disable_tls=False, retry_limit=0)
        if trusted:
            assert len(deliver_review(home, "r1")["sent"]) == 2
            assert [encrypted for *_, encrypted in server.kept] == [True, True]
        else:
            with pytest.raises(RuntimeError, match=r"(?i)certificate.verify.failed"):
                deliver_review(home, "r1")
            assert server.kept == []


@pytest.mark.parametrize("answers", [500, 302, 403, None])
def test_a_chat_that_refuses_is_told_without_its_address_and_is_not_on_record(
    tmp_path, connect, answers, caplog, capfd
):
    caplog.set_level(logging.DEBUG)
    home = week.published(tmp_path, "review: {slack: true}")
    with webhook(answers or 200) as server:
        connect(hook_port=server.port if answers else 1)
        with pytest.raises(RuntimeError, match=str(answers or "could not be reached")) as caught:
            deliver_review(home, "r1")
    assert "secret" not in f"{caught.value}{caplog.text}{capfd.readouterr()}"
    assert not (tmp_path / "runs" / "review_delivered.json").exists()


class _Elsewhere(BaseHTTPRequestHandler):
    """A proxy's way of saying no: over there is a page, and that page answers 200."""

    def do_POST(self):
        self.send_response(302)
        self.send_header("Location", "/login")
        self.end_headers()

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>sign in</html>")

    def log_message(self, *_):
        pass


def test_a_page_that_a_proxy_leads_to_is_not_taken_for_the_chat(tmp_path, connect):
    home = week.published(tmp_path, "review: {slack: true}")
    with ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        connect(hook_port=server.server_address[1])
        with pytest.raises(RuntimeError, match="not Slack"):
            deliver_review(home, "r1")
        server.shutdown()


@pytest.mark.parametrize(
    ("review", "more", "why"),
    [
        ("", {}, "names nobody"),
        ("review: {slack: false, email: []}", {}, "names nobody"),
        (TWO, {"is_live": False}, "AS_OF is given"),
        (TWO, {"as_of": "2026-04-05 18:30:00+00"}, "more than seven days"),
    ],
)
def test_nothing_is_sent_unless_asked_for_and_of_now(tmp_path, review, more, why):
    """With no connection there, sending would stop. 18:30 UTC is Monday midnight in India: it is too late."""
    home = week.published(tmp_path, review, **more)
    told = deliver_review(home, "r1")
    assert told["sent"] == [] and why in told["why"]


def test_the_last_day_of_the_seven_still_counts(tmp_path, connect):
    home = week.published(tmp_path, "review: {slack: true}", as_of="2026-04-05 18:29:59+00")
    with webhook() as server:
        connect(hook_port=server.port)
        assert deliver_review(home, "r1")["sent"] == ["slack"]


@pytest.mark.parametrize(
    ("to", "name"), [("{slack: true}", "onefunnel_slack"), ("{email: [a@b.example]}", "onefunnel_smtp")]
)
def test_a_connection_that_is_not_there_is_named_with_its_key(tmp_path, to, name):
    with pytest.raises(Stop, match=rf"key review\.\w+: there is no Airflow connection {name}"):
        deliver_review(week.published(tmp_path, f"review: {to}"), "r1")


def test_a_week_without_its_page_and_another_runs_tables_are_told(tmp_path, connect):
    home = week.published(tmp_path, TWO)
    with pytest.raises(FileNotFoundError):
        deliver_review(home, "r0")
    (tmp_path / "review" / f"{week.MONDAY}.html").unlink()
    connect(1)
    with pytest.raises(Stop, match="make review"):
        deliver_review(home, "r1")
    other = week.published(tmp_path, TWO, run_id="r2")
    with pytest.raises(Stop, match="another run"):
        deliver_review(other, "r1")


def test_two_runs_at_once_send_once(tmp_path, connect, printed):
    from concurrent.futures import ThreadPoolExecutor

    home = week.published(tmp_path, TWO)
    with mail_server() as server:
        connect(server.port)
        with ThreadPoolExecutor(2) as pool:
            told = list(pool.map(lambda _: deliver_review(home, "r1"), range(2)))
    assert len(server.kept) == 2 and sorted(len(one["sent"]) for one in told) == [0, 2]


def test_addresses_are_kept_where_only_the_owner_reads(tmp_path, connect, printed):
    home = week.published(tmp_path, "review: {email: [CEO@Company.example, ceo@company.example]}")
    with mail_server() as server:
        connect(server.port)
        deliver_review(home, "r1")
    assert len(server.kept) == 1, "one address, written twice"
    told = [path for path in tmp_path.rglob("*") if path.is_file() and "ceo@" in path.read_text(errors="replace")]
    assert {path.relative_to(tmp_path).parts[0] for path in told} == {"runs", "sources.yml"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("review: {email: [ceo]}", "key review.email: 'ceo' is not an e-mail address"),
        ("review: {slack: perhaps}", "key review.slack: 'perhaps' must be true or false"),
        ("review: {teams: true}", "key review.teams: 'True' is no key of sources.yml"),
    ],
)
def test_who_gets_the_review_is_checked_with_the_file(tmp_path, given, told):
    path = tmp_path / "sources.yml"
    path.write_text(f"{given}\nsources:\n  - {{name: crm, kind: csv_folder, folder: x, entities: {{leads: l.csv}}}}\n")
    with pytest.raises(Stop) as caught:
        read_sources(path)
    assert told in str(caught.value)


def test_a_thin_week_says_what_it_does_not_know(tmp_path):
    from onefunnel.deliver_text import subject, three_lines

    unknown = ("words", "low_amount", "high_amount", "before_amount", "target_amount", "value_amount")
    forecast = next(row for row in week.rows() if row["figure"] == "forecast" and row["dimension_value"] == "FY27-Q1")
    full = [forecast | dict.fromkeys(unknown) | {"status": "unavailable: not enough history"}]
    assert three_lines(full, "INR")[0].startswith("FY27-Q1 (1 Apr – 30 Jun 2026): no forecast, not enough history")
    assert three_lines([], "INR") == [
        "The quarter: no forecast.", "Pipeline: nothing is told of this week.",
        "Funnel gap: not told. Promises: not told.",
    ]  # fmt: skip
    until = week.MONDAY + timedelta(days=6)
    assert subject(week.MONDAY, until, full, "INR") == "Weekly revenue review, 23–29 Mar 2026"
