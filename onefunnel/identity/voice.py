"""Which firm's name a domain, or a person, speaks for: consultants write from their own domain about a client."""

from __future__ import annotations

import numpy as np
import pandas as pd

from onefunnel.identity.cells import known
from onefunnel.identity.names import alike, fits_label
from onefunnel.identity.rules import SPEAKING_SHARE


def agrees(key: np.ndarray, core: np.ndarray, is_domain: bool) -> np.ndarray:
    """For each (key, name said with it): whether the key speaks for this record.

    A key said with one name speaks for it and for those who say none. Of several names it speaks for the one that
    fits the domain's label, else for the one that nearly all say; when none stands out, for nobody.
    """
    pairs = pd.DataFrame({"key": key, "core": core})
    counts = pairs.dropna().groupby(["key", "core"], sort=True).size()
    named = counts.groupby(level="key").size()
    several = named.index[named > 1]
    answer = np.ones(len(key), dtype=bool)
    if not len(several):
        return answer
    voices = {}
    for name, part in counts[counts.index.get_level_values("key").isin(several)].groupby(level="key"):
        said = dict(zip(part.index.get_level_values("core"), part.tolist()))
        voices[name] = _voice(said, name.split(".")[0] if is_domain else None)
    rows = np.flatnonzero(pairs["key"].isin(several).to_numpy())
    nameless = ~known(core)
    answer[rows] = [bool(voices[key[i]]) if nameless[i] else core[i] in voices[key[i]] for i in rows]
    return answer


def _voice(said: dict[str, int], label: str | None) -> set[str]:
    """The spellings of the one name among these (name -> records); empty when none stands out."""
    fitting = {c: n for c, n in said.items() if label and fits_label(c, label)} or said
    top = max(fitting, key=lambda c: (fitting[c], c))
    same = {c for c in said if alike(c, top)}
    heard = sum(n for c, n in fitting.items() if c in same)
    return same if heard >= SPEAKING_SHARE * sum(fitting.values()) else set()
