"""Tables on their way to a CSV file, and the dirt that gets into them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np


@dataclass
class Table:
    """A header and rows of cells; `spoiled` lists (row number in the file, key, what is wrong)."""

    name: str
    header: list[str]
    rows: list
    spoiled: list[tuple[int, str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, name: str, columns: dict[str, list]) -> Table:
        """A table from columns of equal length."""
        return cls(name, list(columns), list(zip(*columns.values(), strict=True)))

    @classmethod
    def only(cls, name: str, columns: dict[str, list], keep: np.ndarray) -> Table:
        """A table of the rows to keep."""
        table = cls.of(name, columns)
        table.rows = [row for row, wanted in zip(table.rows, keep.tolist(), strict=True) if wanted]
        return table

    def cell(self, row: int, column: str, text: str, fault: str) -> None:
        """Overwrites one cell and remembers the fault."""
        cells = list(self.rows[row])
        cells[self.header.index(column)] = text
        self.rows[row] = tuple(cells)
        self.spoiled.append((row + 2, str(cells[0]), fault))

    def repeat(self, row: int, column: str, text: str) -> None:
        """Appends the row again with one cell changed: a duplicate id."""
        self.rows.append(self.rows[row])
        self.cell(len(self.rows) - 1, column, text, "duplicate id")

    def tear(self, row: int, after: str) -> None:
        """Gives the row one cell too many, as an unquoted comma does."""
        cells = list(self.rows[row])
        cells.insert(self.header.index(after) + 1, " Unit II")
        self.rows[row] = tuple(cells)
        self.spoiled.append((row + 2, str(cells[0]), "ragged row"))

    def write(self, folder: Path, headings: dict[str, str] | None = None) -> None:
        """Writes `<name>.csv` with these headings, UTF-8, one line feed a row."""
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f"{self.name}.csv").open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow([(headings or {}).get(h, h) for h in self.header])
            out.writerows(self.rows)


BAD_DATES = ("32/13/2024", "sometime in May", "0000-00-00", "31-02-2025 10:00", "TBC")


def spoil_leads(rng: np.random.Generator, table: Table, plain: np.ndarray, guesses: np.ndarray, count: int) -> None:
    """Unreadable creation dates, duplicate ids and one ragged row among plain leads; size ranges.

    plain: rows nobody handed over or bought from; guesses: rows without any head count.
    """
    chosen = rng.choice(plain, 2 * count + 1, replace=False).tolist()
    for k, row in enumerate(chosen[:count]):
        table.cell(row, "created_at", BAD_DATES[k % len(BAD_DATES)], "unreadable created_at")
    for row in chosen[count : 2 * count]:
        table.repeat(row, "city", "Pune")
    table.tear(chosen[-1], "company_name")
    taken = set(chosen)
    for row in guesses[:: max(1, len(guesses) // (3 * count))].tolist():
        if row not in taken:
            table.cell(
                row,
                "employee_count",
                ("51-200", "201-500", "11-50")[row % 3],
                "unreadable employee_count",
            )


def spoil_events(rng: np.random.Generator, table: Table, when: str, rows: Sequence[int], count: int) -> None:
    """Some unreadable instants and some duplicate ids among these rows."""
    chosen = rng.choice(np.asarray(rows), min(2 * count, len(rows)), replace=False).tolist()
    for k, row in enumerate(chosen[:count]):
        table.cell(row, when, BAD_DATES[k % len(BAD_DATES)], f"unreadable {when}")
    for row in chosen[count:]:
        table.repeat(row, table.header[-1], "")
