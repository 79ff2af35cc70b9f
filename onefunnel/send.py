"""Messages on their way: by e-mail through Airflow's SMTP hook, to Slack through its provider's incoming webhook.

Credentials stand in two Airflow connections and nowhere else: onefunnel_smtp (type smtp; from_email in its extra) and
onefunnel_slack (host https://hooks.slack.com/services, password the rest of the webhook's address).
"""

from __future__ import annotations

import html
import logging
from collections.abc import Callable

from onefunnel.config import DigestTo
from onefunnel.digest import Digest
from onefunnel.digest_text import as_message, headline
from onefunnel.errors import Stop

SMTP, SLACK = "onefunnel_smtp", "onefunnel_slack"
TIMEOUT_SECONDS = 30


def channels(to: DigestTo) -> dict[str, Callable[[Digest], None]]:
    """Channel -> how a digest is sent there, for those that sources.yml names."""
    found: dict[str, Callable[[Digest], None]] = {}
    if to.email:
        found["email"] = lambda digest: send_email(digest, to.email)
    if to.slack:
        found["slack"] = send_slack
    return found


def send_email(digest: Digest, to: list[str]) -> None:
    """The digest is in the addressees' mail, with its table attached; an error of the mail server is raised."""
    subject = f"Objections new to marketing, {digest.day_on:%d %b %Y}: {headline(digest)}"
    mail(to, subject, f"<pre>{html.escape(digest.text)}</pre>", [str(digest.table)], "digest.email")


def send_slack(digest: Digest) -> None:
    """The digest's message is in the channel of the webhook; raises without naming the address, which is a secret."""
    post(as_message(digest), "digest.slack")


def mail(to: list[str], subject: str, content: str, files: list[str], key: str) -> None:
    """The HTML content is in the addressees' mail with the files attached; an error of the mail server is raised."""
    from airflow.providers.smtp.hooks.smtp import SmtpHook

    connection(SMTP, key)
    with SmtpHook(smtp_conn_id=SMTP) as hook:
        hook.send_email_smtp(to=to, subject=subject, html_content=content, files=files)


def post(text: str, key: str) -> None:
    """The text is in the webhook's channel; raises without naming the address, which is a secret."""
    from airflow.providers.slack.hooks.slack_webhook import SlackWebhookHook

    connection(SLACK, key)
    # what fails is tried again by the step, not by the client: it cannot know whether a lost answer was a message
    hook = SlackWebhookHook(
        slack_webhook_conn_id=SLACK, timeout=TIMEOUT_SECONDS, retry_handlers=[], logger=_silent()
    )  # fmt: skip
    try:
        answer = hook.client.send_dict({"text": text})
    except Exception as why:
        raise RuntimeError(f"Slack could not be reached ({type(why).__name__})") from None
    if answer.status_code != 200:
        raise RuntimeError(f"Slack answered {answer.status_code}; see the connection {SLACK}")
    # a redirection to some page is an answer, too
    if answer.body.strip() != "ok":
        raise RuntimeError(f"what answered was not Slack; see the connection {SLACK}")


def _silent() -> logging.Logger:
    """The client logs addresses of webhooks, and who has one may write into the channel."""
    found = logging.Logger("onefunnel.slack", level=logging.CRITICAL + 1)
    found.addHandler(logging.NullHandler())
    return found


def connection(name: str, key: str):
    """The Airflow connection; Stop when there is none."""
    from airflow.sdk.bases.hook import BaseHook

    try:
        return BaseHook.get_connection(name)
    except Exception as why:
        # Airflow says it in different ways inside a task and outside
        if "isn't defined" in str(why) or "not found" in str(why).lower():
            raise Stop(
                f"{key.partition('.')[0]}_connection",
                f"sources.yml, key {key}: there is no Airflow connection {name}",
                f"add it: airflow connections add {name} (docs/delivery.md)",
            ) from None
        raise
