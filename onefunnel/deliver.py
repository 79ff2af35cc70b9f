"""The weekly review with whom sources.yml names: by e-mail with its PDF, to Slack, each addressee once a week.

Order matters: send, record, the next one. A run that dies on its way sends again only to whom nothing is on record as
sent; one who cannot be reached keeps nobody else from theirs. A run of a pinned AS_OF sends nothing, for its week is
not now.
"""

from __future__ import annotations

import fcntl
import json
import smtplib
import socket
import ssl
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from onefunnel import deliver_text, send
from onefunnel.config import ReviewTo, read_sources
from onefunnel.errors import Stop
from onefunnel.home import Home, write_whole
from onefunnel.pages.published import Published, opened
from onefunnel.pages.write import FOLDER
from onefunnel.pdf import print_page
from onefunnel.progress import say

SLACK = "slack"
FROM = time(7)  # on Monday; the morning's publication writes the page before
_NEWEST = """
select * from metrics.weekly_review
where week_start_on = (select max(week_start_on) from metrics.weekly_review)
order by section, position
"""


@dataclass(frozen=True)
class Review:
    """The newest week's review: its Monday and Sunday, whose it is, its subject and three lines."""

    week: date
    until: date
    company: str
    subject: str
    lines: list[str]


def deliver_review(home: Home, run_id: str, now: datetime | None = None) -> dict:
    """Everyone whom sources.yml names has the newest week's review, if the run that published is of now.

    Returns week, sent (who got it now), already (who had it), why (when nothing was to be sent). Stop names who could
    not be reached and why, after all others were served; RuntimeError where that may pass by itself.
    """
    run = json.loads((home.run_dir(run_id) / "run.json").read_text(encoding="utf-8"))
    to = read_sources(Path(run["sources_file"])).review
    if not (to.email or to.slack):
        return _nothing("sources.yml names nobody under the key review")
    if not run["is_live"]:
        return _nothing("AS_OF is given")
    with opened(home) as published:
        review = _newest(published, run_id)
        zone = published.zone
    if review is None:
        return _nothing("the newest reviewed week ended more than seven days before AS_OF, or there is none")
    if (now or datetime.now(UTC)) < datetime.combine(review.until + timedelta(days=1), FROM, zone):
        return _nothing(f"it goes out on Monday from {FROM:%H:%M} on")
    with _alone(home):
        return _deliver(home, review, to)


def _nothing(why: str) -> dict:
    say(f"    the weekly review is not sent: {why}")
    return {"week": None, "sent": [], "already": [], "why": why}


def _newest(published: Published, run_id: str) -> Review | None:
    if published.facts["run_id"] != run_id:
        raise Stop(
            "one_run_at_a_time",
            f"what is published is of another run by now ({published.facts['run_id']})",
            "that run's review is sent in its place; nothing is lost",
        )
    rows = published.rows(_NEWEST)
    if not rows or not 7 <= (published.as_of_on - rows[0]["week_start_on"]).days < 14:
        return None
    week, currency = rows[0]["week_start_on"], published.currency
    until = week + timedelta(days=6)
    subject = deliver_text.subject(week, until, rows, currency)
    return Review(week, until, published.facts["company_name"], subject, deliver_text.three_lines(rows, currency))


def _deliver(home: Home, review: Review, to: ReviewTo) -> dict:
    """Sends to whom nothing is on record as sent, and records each at once."""
    note = _note(home)
    record = json.loads(note.read_text(encoding="utf-8")) if note.exists() else {}
    served = record.setdefault(str(review.week), {})
    # an address counts once, however it is written
    everyone = list(dict.fromkeys([*(address.casefold() for address in to.email), *([SLACK] if to.slack else [])]))
    waiting = [addressee for addressee in everyone if addressee not in served]
    failed: dict[str, list[str]] = {}
    may_pass = False
    with tempfile.TemporaryDirectory(prefix="onefunnel-review-") as folder:
        pdf = Path(folder) / f"revenue-review-{review.week}.pdf"
        for addressee in waiting:
            try:
                _send(home, review, addressee, pdf)
            except Exception as why:  # the others shall have theirs
                failed.setdefault(_said(why), []).append(addressee)
                may_pass = may_pass or _may_pass(why)
                continue
            served[addressee] = datetime.now(UTC).isoformat()
            write_whole(note, json.dumps(record, indent=1))
    sent = [addressee for addressee in waiting if addressee in served]
    already = [addressee for addressee in everyone if addressee not in waiting]
    say(f"    the review of {review.week} was sent to {len(sent)}; {len(already)} had it")
    if failed:
        told = "; ".join(f"{', '.join(who)}: {why}" for why, who in failed.items())
        do = "mend it and run this step again: who has the review does not get it twice"
        # an error that may pass is tried again by the scheduler, a person's mistake is not
        raise RuntimeError(f"review_delivery: {told}") if may_pass else Stop("review_delivery", told, do)
    return {"week": str(review.week), "sent": sent, "already": already, "why": None}


def _send(home: Home, review: Review, addressee: str, pdf: Path) -> None:
    if addressee == SLACK:
        text = deliver_text.as_message(review.week, review.until, review.lines, review.company)
        return send.post(text, "review.slack")
    send.connection(send.SMTP, "review.email")
    if not pdf.exists():
        print_page(_page(home, review.week), pdf)
    content = deliver_text.as_html(review.week, review.until, review.lines, review.company)
    send.mail([addressee], review.subject, content, [str(pdf)], "review.email")


def _page(home: Home, week: date) -> Path:
    path = home.root / FOLDER / f"{week}.html"
    if not path.exists():
        raise Stop("review_page", f"{path} is not there", "make review writes the page of the newest week")
    return path


def _note(home: Home) -> Path:
    """People's addresses are nobody's business but the owner's: beside the runs, not with the pages that are served."""
    return home.root / "runs" / "review_delivered.json"


@contextmanager
def _alone(home: Home):
    """Two runs at once do not both send; the second waits and finds what the first has sent."""
    with open(_note(home).with_suffix(".lock"), "a", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _said(why: Exception) -> str:
    """An error in one line, in the words of the server that refused."""
    if isinstance(why, Stop):
        return str(why)
    if isinstance(why, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(why.recipients.values()))
        return f"the mail server refused the address ({code} {_text(text)})"
    if isinstance(why, smtplib.SMTPResponseException):
        return f"the mail server refused ({why.smtp_code} {_text(why.smtp_error)})"
    if isinstance(why, smtplib.SMTPException | ConnectionError | TimeoutError | socket.gaierror | ssl.SSLError):
        reason = getattr(why, "reason", None) or why.strerror or type(why).__name__
        return f"the mail server could not be reached ({_text(reason)})"
    return " ".join(str(why).split())[:200] or type(why).__name__


def _may_pass(why: Exception) -> bool:
    """Whether it may go well a few minutes later: no mistake in the settings, no refusal for good."""
    if isinstance(why, smtplib.SMTPRecipientsRefused):
        return next(iter(why.recipients.values()))[0] < 500
    if isinstance(why, smtplib.SMTPResponseException):
        return why.smtp_code < 500
    return not isinstance(why, Stop)


def _text(said: bytes | str) -> str:
    return " ".join((said.decode(errors="replace") if isinstance(said, bytes) else said).split())[:120]
