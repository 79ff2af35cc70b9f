"""Joins leads and contacts into persons: the same e-mail, then the same mobile."""

from __future__ import annotations

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd

from onefunnel.identity import rules
from onefunnel.identity.cells import known, numbered
from onefunnel.identity.join import join
from onefunnel.identity.web import SHARED_MAILBOXES


def groups(r: SimpleNamespace) -> list[tuple[str, np.ndarray]]:
    """(rule, person of each record so far); no person has two corporate e-mail addresses.

    A mobile is an office's, and decides nothing, when it is given with two corporate addresses, with more addresses
    than a private one and one of the firm, or with two that name different people.
    """
    email = r.personal_email
    rows = np.flatnonzero(known(email))
    label = numbered(np.where(known(r.email_domain), email, None))
    by_email = join(np.arange(r.n), label, rows, numbered(email[rows]))
    rows = np.flatnonzero(known(r.mobile))
    rows = rows[~np.isin(r.mobile[rows], _of_offices(r.mobile[rows], email[rows]))]
    by_mobile = join(by_email, label, rows, numbered(r.mobile[rows]))
    return [(rules.SAME_EMAIL, by_email), (rules.SAME_MOBILE, by_mobile)]


def _of_offices(mobile: np.ndarray, email: np.ndarray) -> list[str]:
    """The numbers given with more addresses, or other names in them, than one person has."""
    given = pd.DataFrame({"mobile": mobile, "email": email}).dropna().drop_duplicates()
    given = given[given.duplicated("mobile", keep=False)]
    return [
        number
        for number, addresses in given.groupby("mobile")["email"]
        if len(addresses) > rules.EMAILS_ON_A_MOBILE or not same_namesake(*addresses)
    ]


def same_namesake(one: str, other: str) -> bool:
    """Whether the mailbox names can be one person's: a word of one stands in the other, or one has no word at all.

    Words that any office puts into its mailboxes are no names.
    """
    split = [re.split(r"[^a-z]+", a.split("@")[0]) for a in (one, other)]
    words = [[w for w in parts if len(w) > 3 and w not in SHARED_MAILBOXES] for parts in split]
    runs = [re.sub(r"[^a-z]", "", a.split("@")[0]) for a in (one, other)]
    return not all(words) or any(w in runs[1] for w in words[0]) or any(w in runs[0] for w in words[1])
