"""The entities and their columns, read from the one place where they stand: dbt_project.yml."""

from __future__ import annotations

from functools import cache

import yaml

from onefunnel.home import CHECKOUT


@cache
def entities() -> dict[str, dict]:
    """Entity -> {key: [columns], exists_from: column or None, columns: {column: type}}."""
    project = yaml.safe_load((CHECKOUT / "dbt_project" / "dbt_project.yml").read_text(encoding="utf-8"))
    return project["vars"]["entities"]


def required_columns(entity: str) -> list[str]:
    """What a file of the entity cannot do without: its key and the instant it exists from."""
    spec = entities()[entity]
    needed = [*spec["key"], spec.get("exists_from")]
    return list(dict.fromkeys(column for column in needed if column))
