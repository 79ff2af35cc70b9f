"""What onefunnel itself recorded: loads of the lake under its own name, which no export delivers.

digests: when the daily digest showed an objection to marketing; written by onefunnel/digest.py.
"""

from __future__ import annotations

from onefunnel.entities import entities

NAME = "onefunnel"
FILLS: dict[str, list[str]] = {}


def lake_entities() -> list[str]:
    return ["digests"]


def lake_columns(entity: str) -> list[str]:
    """The columns that staging reads of this entity."""
    return list(entities()[entity]["columns"])
