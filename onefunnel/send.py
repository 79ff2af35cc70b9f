"""The digest on its way: by e-mail through Airflow's SMTP hook, to Slack through an incoming webhook.

Credentials stand in two Airflow connections and nowhere else: onefunnel_smtp (type smtp; from_email in its extra) and
onefunnel_slack (host https://hooks.slack.com/services, password the rest of the webhook's address).
"""

from __future__ import annotations

import html
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
    from airflow.providers.smtp.hooks.smtp import SmtpHook

    connection(SMTP, "digest.email")
    with SmtpHook(smtp_conn_id=SMTP) as hook:
        hook.send_email_smtp(
            to=to,
            subject=f"Objections new to marketing, {digest.day_on:%d %b %Y}: {headline(digest)}",
            html_content=f"<pre>{html.escape(digest.text)}</pre>",
            files=[str(digest.table)],
        )


def send_slack(digest: Digest) -> None:
    """The digest's message is in the channel of the webhook; raises without naming the address, which is a secret."""
    import requests

    given = connection(SLACK, "digest.slack")
    host = given.host or "https://hooks.slack.com/services"
    scheme = "" if "://" in host else f"{given.schema or 'https'}://"
    port = f":{given.port}" if given.port else ""
    address = f"{scheme}{host.rstrip('/')}{port}/{(given.password or '').lstrip('/')}"
    try:
        answer = requests.post(
            address, json={"text": as_message(digest)}, timeout=TIMEOUT_SECONDS, allow_redirects=False
        )
    except requests.RequestException as why:
        raise RuntimeError(f"Slack could not be reached ({type(why).__name__})") from None
    if answer.status_code != 200:
        raise RuntimeError(f"Slack answered {answer.status_code}; see the connection {SLACK}")


def connection(name: str, key: str):
    """The Airflow connection; Stop when there is none."""
    from airflow.sdk.bases.hook import BaseHook

    try:
        return BaseHook.get_connection(name)
    except Exception as why:
        # Airflow says it in different ways inside a task and outside
        if "isn't defined" in str(why) or "not found" in str(why).lower():
            raise Stop(
                "digest_connection",
                f"sources.yml, key {key}: there is no Airflow connection {name}",
                f"add it: airflow connections add {name} (README.md, 'New objections, every morning')",
            ) from None
        raise
