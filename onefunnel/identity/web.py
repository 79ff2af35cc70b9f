"""E-mail addresses, hosts and the registered domains that belong to one firm."""

from __future__ import annotations

import functools
import re
from urllib.parse import urlsplit

EMAIL = re.compile(r"([^\s@<>,;:()\[\]\"]+)@([^\s@<>,;:()\[\]\"/]+)")
HOST = re.compile(r"(?!.*\.\.)[\w-]+(\.[\w-]+)+")
# mailboxes of an office, and what people type to get past a form
SHARED_MAILBOXES = frozenset(
    "info sales purchase purchases procurement stores accounts account office contact admin enquiry enquiries inquiry "
    "mail email hello support service services marketing export exports import projects hr jobs careers works factory "
    "plant reception director ceo md gm manager team help noreply no-reply donotreply webmaster postmaster "
    "na none nil no noemail nomail notavailable test testing sample abc xyz abcd user customer client dummy "
    "demo".split()
)


def email(typed: str) -> str | None:
    """The address in lower case, out of `mailto:` and `Name <address>`; None when there is not exactly one."""
    found = EMAIL.findall(typed.lower().replace("mailto:", ""))
    if len(found) != 1:
        return None
    local, host = found[0][0].strip("."), found[0][1].strip(".")
    return f"{local}@{host}" if local and HOST.fullmatch(host) else None


def personal(address: str) -> str | None:
    """The address again when it is one person's, as far as its name tells."""
    return None if address.split("@")[0] in SHARED_MAILBOXES else address


def website_host(typed: str) -> str | None:
    """The host of a web address with or without its scheme; None when there is none, or an e-mail."""
    address = typed.strip().lower()
    if "@" in address or re.search(r"\s", address):
        return None
    try:
        host = urlsplit(address if "//" in address else f"//{address}").hostname
    except ValueError:
        return None
    host = (host or "").strip(".")
    return host if HOST.fullmatch(host) else None


def own_domain(host: str, shared: frozenset[str]) -> str | None:
    """The registered domain of a host; None for an IP address or where the host, or any above it, is shared.

    An unknown last label counts as a public suffix; below a suffix such as blogspot.com each site is a domain.
    """
    labels = host.split(".")
    if any(".".join(labels[i:]) in shared for i in range(len(labels))) or re.fullmatch(r"[0-9.]+", host):
        return None
    found = _splitter()(host)
    if not found.domain or (found.suffix == "" and len(labels) < 2):
        return None
    return f"{found.domain}.{found.suffix}" if found.suffix else ".".join(labels[-2:])


@functools.cache
def _splitter():
    import tldextract

    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
