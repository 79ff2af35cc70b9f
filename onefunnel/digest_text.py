"""The digest in words: Markdown for people, CSV for a spreadsheet, one line for a chat."""

from __future__ import annotations

import csv
import io
import re
from itertools import groupby

from onefunnel.gate.checks import escaped
from onefunnel.report import money


def as_markdown(digest) -> str:
    """By category: how many, how many surprised sales, what is at stake, what marketing answered, each record."""
    lines = [
        f"# Objections new to marketing, {digest.day_on:%d %b %Y}",
        "",
        headline(digest),
        *(["", _aged_out(digest)] if digest.aged_out else []),
        "" if digest.is_live else "\nNot recorded as shown: this run judged as of an instant that was given to it.",
    ]
    for category, found in groupby(digest.objections, key=lambda row: row["category"]):
        rows = list(found)
        lines += ["", f"## {plain(category)}: {_counted(rows, digest.deal_amounts, digest.currency)}", ""]
        lines += [f"Segments: {plain(_segments(rows))}", "", f"{_answered(rows[0])}", ""]
        lines += [_record(row, digest.currency) for row in rows]
    return "\n".join([*lines, "", f"As a table: {digest.table.name}", ""])


def headline(digest) -> str:
    """'7 new objections, 3 surprised sales, 1 never heard before, ₹12.00 lakh at stake'."""
    return _counted(digest.objections, digest.deal_amounts, digest.currency)


def as_csv(objections: list[dict]) -> str:
    """Every column of metrics.objection_digest, no cell of which a spreadsheet takes for a formula."""
    told = io.StringIO(newline="")
    writer = csv.writer(told)
    writer.writerow(objections[0])
    for row in objections:
        writer.writerow([escaped(value) for value in row.values()])
    return "\ufeff" + told.getvalue()


def as_message(digest) -> str:
    """A few lines for a chat: the headline and the categories; no words of a customer."""
    lines = [f"Objections new to marketing, {digest.day_on:%d %b %Y}: {headline(digest)}"]
    for category, found in groupby(digest.objections, key=lambda row: row["category"]):
        rows = list(found)
        safe = category.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        lines.append(f"- {safe}: {_counted(rows, digest.deal_amounts, digest.currency)}")
    if digest.aged_out:
        lines.append(_aged_out(digest))
    return "\n".join([*lines, f"File: {digest.path.name}"])


def plain(text) -> str:
    """Text from a record as one line that Markdown shows as it is."""
    return re.sub(r"([\\`*_\[\]<>|~])", r"\\\1", " ".join(str(text).split()))


def deals_of(row: dict) -> list[str]:
    """The ids of the deals that are at stake in an objection."""
    return row["deals_at_stake"].split("; ") if row["deals_at_stake"] else []


def _counted(rows: list[dict], amounts: dict, currency: str) -> str:
    surprised = sum(row["is_surprised"] is True for row in rows)
    # a deal is at stake once, however many objections concern it
    stakes = {deal: amounts[deal] for row in rows for deal in deals_of(row) if amounts.get(deal) is not None}
    told = [f"{len(rows)} new objection{'s' if len(rows) > 1 else ''}", f"{surprised} surprised sales"]
    if firsts := sum(row["is_first_of_its_kind"] is True for row in rows):
        told.append(f"{firsts} never heard before")
    told.append(f"{money(sum(stakes.values()), currency)} at stake" if stakes else "no amount at stake known")
    return ", ".join(told)


def _aged_out(digest) -> str:
    """What no digest will show any more."""
    were = "1 older objection was" if digest.aged_out == 1 else f"{digest.aged_out:,} older objections were"
    return f"{were} never shown (metrics.objections, digest_status 'aged out')"


def _segments(rows: list[dict]) -> str:
    return "; ".join(sorted({row["segment"] or "unknown" for row in rows}))


def _answered(row: dict) -> str:
    if row["last_answered_at"] is None:
        return "Marketing has not answered this yet."
    action = f": {plain(row['last_marketing_action'])}" if row["last_marketing_action"] else ""
    return f"Marketing last answered this on {row['last_answered_at']:%d %b %Y}{action}"


def _record(row: dict, currency: str) -> str:
    """One line for one objection, with the way to its record."""
    parts = [plain(row["objection_id"]), plain(row["company_name"] or "company unknown")]
    parts.append(f"raised {row['raised_at']:%d %b %Y}")
    if row["is_surprised"]:
        parts.append("a surprise")
    if row["is_first_of_its_kind"]:
        parts.append("never heard before")
    if row["category"] == "unmapped" and row["category_word"]:
        parts.append(f"entered as “{plain(row['category_word'])}”")
    if row["competitor"]:
        parts.append(f"against {plain(row['competitor'])}")
    if row["amount_at_stake_amount"] is not None:
        parts.append(money(row["amount_at_stake_amount"], currency))
    if row["owner_name"]:
        parts.append(f"told by {plain(row['owner_name'])}")
    if row["words"]:
        parts.append(f"“{plain(row['words'])}”")
    url = row["record_url"] or ""
    if re.fullmatch(r"https?://[^\s<>\"\\]+", url):
        parts.append(f"<{url}>")
    return f"- {', '.join(parts)}"
