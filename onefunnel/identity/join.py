"""Joins groups of records that share a key, never across two labels."""

from __future__ import annotations

import numpy as np
import pandas as pd


def components(nodes: int, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The smallest node that each of 0..nodes-1 is connected with, over the edges (one, other)."""
    parent = np.arange(nodes)
    while True:
        a, b = parent[one], parent[other]
        apart = a != b
        if not apart.any():
            return parent
        one, other = one[apart], other[apart]
        np.minimum.at(parent, np.maximum(a, b)[apart], np.minimum(a, b)[apart])
        while True:
            further = parent[parent]
            if (further == parent).all():
                break
            parent = further


def join(group: np.ndarray, label: np.ndarray, record: np.ndarray, key: np.ndarray) -> np.ndarray:
    """The records' groups after joining those that share a key; groups are named by a record's number.

    group: of each record. label: of each record, -1 for none; a group never holds two, before or after. A key that
    groups of two labels hold decides nothing. Where a chain of keys would bridge two labels, each group goes with the
    label that is fewest steps away, and what is equally near to two is cut out of the chain.
    """
    edges = pd.DataFrame({"group": group[record], "key": key}).drop_duplicates()
    of_group = np.full(len(group), -1, dtype=np.int64)
    np.maximum.at(of_group, group, label)
    edges["label"] = of_group[edges["group"].to_numpy()]
    edges = edges[~edges["key"].isin(_disputed(edges))]
    names, number = np.unique(edges["key"].to_numpy(), return_inverse=True)
    edges = edges.assign(key=number + len(group))
    nodes = len(group) + len(names)
    whole = components(nodes, edges["group"].to_numpy(), edges["key"].to_numpy())
    bridged = edges.assign(whole=whole[edges["group"].to_numpy()])
    bridged = bridged[bridged["whole"].isin(_disputed(bridged.assign(key=bridged["whole"])))]
    if len(bridged):
        sound = edges[~edges.index.isin(bridged.index)]
        edges = pd.concat([sound, bridged[_agreed(bridged)]])
        whole = components(nodes, edges["group"].to_numpy(), edges["key"].to_numpy())
    return whole[group]


def _disputed(edges: pd.DataFrame) -> np.ndarray:
    """The keys held by groups of two labels or more."""
    labelled = edges.loc[edges["label"] >= 0, ["key", "label"]].drop_duplicates()
    counts = labelled["key"].value_counts()
    return counts.index[counts > 1].to_numpy()


def _agreed(edges: pd.DataFrame) -> np.ndarray:
    """Which edges hold after labels have spread from their groups, step by step, until two meet."""
    beside: dict[int, list[int]] = {}
    owner: dict[int, int] = {}
    for node, key, label in edges[["group", "key", "label"]].itertuples(index=False):
        beside.setdefault(node, []).append(key)
        beside.setdefault(key, []).append(node)
        if label >= 0:
            owner[node] = label
    front, cut = list(owner), set()
    while front:
        reached: dict[int, set[int]] = {}
        for node in front:
            for near in beside[node]:
                if near not in owner and near not in cut:
                    reached.setdefault(near, set()).add(owner[node])
        cut.update(n for n, labels in reached.items() if len(labels) > 1)
        front = [n for n, labels in reached.items() if len(labels) == 1]
        owner.update((n, next(iter(reached[n]))) for n in front)
    return np.array(
        [n not in cut and k not in cut and owner.get(n) == owner.get(k) for n, k in zip(edges["group"], edges["key"])],
        dtype=bool,
    )
