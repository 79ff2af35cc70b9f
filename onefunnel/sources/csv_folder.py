"""Plain exports: a folder of CSV files whose columns are ours.

Entities and columns: dbt_project.yml, vars.entities. Headers in any case, with spaces or
underscores; `columns:` in sources.yml names those that differ. Limits: none of its own.
"""

from __future__ import annotations

from onefunnel.entities import entities, required_columns
from onefunnel.sources.csv_file import snake

COPIES: dict[str, dict[str, str]] = {}
FILLS: dict[str, list[str]] = {}


def lake_entities() -> list[str]:
    return list(entities())


def key_of(entity: str) -> list[str]:
    return entities()[entity]["key"]


def lake_columns(entity: str) -> list[str]:
    """The columns that staging reads of this entity, whether or not a file has them."""
    return list(entities()[entity]["columns"])


def required(entity: str) -> list[str]:
    return required_columns(entity)


def names(entity: str, headers: list[str], columns: dict[str, str]) -> list[str]:
    """A lake column for each header."""
    ours = {snake(theirs): our for our, theirs in columns.items()}
    return [ours.get(snake(header), snake(header)) for header in headers]
