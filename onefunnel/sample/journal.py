"""A journal of changes of fields, kept so that the last new value is always the current one."""

from __future__ import annotations

import numpy as np

from onefunnel.sample.clock import EXPORTED


class Journal:
    """The current value of each field of n records and every change that led there."""

    def __init__(self, **current: np.ndarray) -> None:
        self.current = {field: np.array(value, dtype=object) for field, value in current.items()}
        self._chunks: list[tuple[np.ndarray, np.ndarray, str, np.ndarray, np.ndarray]] = []

    def change(self, field: str, who: np.ndarray, at: np.ndarray, new: np.ndarray | str) -> np.ndarray:
        """Sets the field where it differs and the export has seen it; returns which."""
        new = np.broadcast_to(np.asarray(new, dtype=object), (len(who),))
        old = self.current[field][who]
        seen = (np.asarray(at) <= EXPORTED) & (old != new)
        self._chunks.append((who[seen], at[seen], field, old[seen], new[seen]))
        self.current[field][who[seen]] = new[seen]
        return seen

    def record(self, field: str, who: np.ndarray, at: np.ndarray, old: list, new: list) -> None:
        """Adds changes of a field whose current value is kept elsewhere."""
        self._chunks.append((who, at, field, np.array(old, dtype=object), np.array(new, dtype=object)))

    def rows(self) -> tuple[np.ndarray, np.ndarray, list, list, list]:
        """who, at, field, old, new of every change in order of time."""
        who = np.concatenate([c[0] for c in self._chunks])
        at = np.concatenate([c[1] for c in self._chunks])
        field = np.concatenate([np.full(len(c[0]), c[2], dtype=object) for c in self._chunks])
        old, new = (np.concatenate([c[k] for c in self._chunks]) for k in (3, 4))
        order = np.argsort(at, kind="stable")
        return (
            who[order],
            at[order],
            field[order].tolist(),
            old[order].tolist(),
            new[order].tolist(),
        )

    def last_change(self, n: int) -> np.ndarray:
        """The instant of each record's last change, 0 without one."""
        last = np.zeros(n, dtype=np.int64)
        for who, at, *_ in self._chunks:
            np.maximum.at(last, who, at)
        return last
