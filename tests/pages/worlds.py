"""Homes for the pages: a copy of the small run, or of it with its published rows and its agreement made extreme."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import duckdb

from onefunnel.home import Home

PAGES = {
    "index": "index.html",
    "index_agreement": "agreement.html",
    "index_lists": "lists.html",
    "index_dictionary": "dictionary.html",
    "index_quality": "quality.html",
}


def copied(home: Path, to: Path) -> Home:
    """A home of its own with what the pages read: the published version and the runs' folders."""
    shutil.copytree(home / "published", to / "published", symlinks=True)
    shutil.copytree(home / "runs", to / "runs")
    (to / "audit").mkdir()
    for folder in (home / "audit").glob("*"):
        shutil.copytree(folder, to / "audit" / folder.name)
    return Home(to)


def change(home: Home, *statements: str) -> None:
    """The published rows are others."""
    with duckdb.connect(str((home.published / "onefunnel.duckdb").resolve())) as con:
        con.execute("set timezone = 'UTC'")
        for statement in statements:
            con.execute(statement)


def run_folder(home: Home) -> Path:
    """The published run's own folder."""
    [folder] = [path for path in (home.root / "runs").iterdir() if (path / "agreement").is_dir()]
    return folder


def rewrite(home: Home, file: str, keep=lambda row: True, add: list[dict] = ()) -> None:
    """The run's copy of the agreement's file holds the rows that keep lets stay, and those that are added."""
    path = run_folder(home) / "agreement" / f"{file}.csv"
    with open(path, encoding="utf-8", newline="") as text:
        reader = csv.DictReader(text)
        rows, names = [row for row in reader if keep(row)], reader.fieldnames
    with open(path, "w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, names, restval="")
        writer.writeheader()
        writer.writerows([*rows, *add])


def write(home: Home, *names: str) -> dict[str, Path]:
    """The pages are written; returns page module -> its file."""
    from importlib import import_module

    from onefunnel.pages.published import opened

    with opened(home) as published:
        made = {}
        for name in names or PAGES:
            [made[name]] = import_module(f"onefunnel.pages.{name}").write(home, published.facts["run_id"], published)
    return made
