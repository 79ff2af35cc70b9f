"""Read the agreement's folder: every file complete, every cell of its kind, or one clear line."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from onefunnel.agreement.settings import Settings
from onefunnel.agreement.tables import FILES, Line, Setting, Signature
from onefunnel.errors import Stop
from onefunnel.sources.csv_file import read_header, read_rows, shown

DO = "mend the cell in a spreadsheet, save as CSV; agreement/README.md says what each file holds"


@dataclass
class Agreement:
    """What both sides signed: rows of each file, with the spreadsheet row each stands in."""

    folder: Path
    rows: dict[str, list[Line]]
    numbers: dict[str, list[int]]
    settings: Settings
    drafts: list[int] = field(default_factory=list)

    def where(self, file: str, line: Line) -> str:
        at = next(i for i, row in enumerate(self.rows[file]) if row is line)
        return f"{file}.csv, row {self.numbers[file][at]}"

    @property
    def signed(self) -> list[Signature]:
        """The versions that both sides signed, in the order in which they came into force."""
        done = [line for line in self.rows["signatures"] if all(line.signed)]
        return sorted(done, key=lambda line: line.in_force_on)


def read_agreement(folder: Path) -> Agreement:
    """Every file of the folder as typed rows; Stop names file, row and column of the first fault."""
    if not folder.is_dir():
        raise Stop("agreement_folder", f"there is no folder {folder}", "set AGREEMENT to the agreement's folder")
    rows, numbers = {}, {}
    for name, kind in FILES.items():
        rows[name], numbers[name] = _file(folder / f"{name}.csv", kind)
    return Agreement(folder, rows, numbers, _settings(rows["settings"], numbers["settings"]))


def agreement_hash(folder: Path) -> str:
    """Equal hashes: the same files with the same bytes."""
    digest = hashlib.sha256()
    for name in FILES:
        digest.update(name.encode() + b"\0" + (folder / f"{name}.csv").read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def in_force_at(agreement: Agreement, line: Signature) -> datetime:
    """The instant from which a signed version judges: local midnight of its last date."""
    zone = ZoneInfo(agreement.settings.timezone)
    return datetime.combine(line.in_force_on, datetime.min.time(), zone)


def stop_once(agreement: Agreement, name: str, key, column: str, instead: str | None = None) -> None:
    """Stop where a second row of the file has the same key; instead: the column to show when that one is empty."""
    seen = {}
    for line in agreement.rows[name]:
        first = seen.setdefault(key(line), line)
        if first is not line:
            shows = column if getattr(line, column) or not instead else instead
            raise Stop(
                "agreement_twice",
                f"{agreement.where(name, line)}, column {shows}: {shown(str(getattr(line, shows)))} stands already in "
                f"{agreement.where(name, first)}",
                "keep one of the two rows",
            )


def _file(path: Path, kind: type[Line]) -> tuple[list[Line], list[int]]:
    if not path.is_file():
        raise Stop("agreement_file", f"{path.name} is missing in {path.parent}", DO)
    try:
        header = [name.lower() for name in read_header(path, ",")]
        rows = list(read_rows(path, ",", len(header)))
    except Stop as stop:
        raise Stop(stop.rule, stop.what, f"{DO} (UTF-8, separated by commas)") from None
    _columns(path, header, kind)
    for row in rows:
        if row.fault:
            raise Stop("agreement_row", f"{path.name}, row {row.number}: {row.fault}", DO)
        for at, cell in enumerate(row.cells):
            if cell and not header[at]:
                raise Stop(
                    "agreement_column",
                    f"{path.name}, row {row.number}, column {at + 1}: {shown(cell)} stands under no header",
                    DO,
                )
    return [_line(path, kind, row.number, dict(zip(header, row.cells))) for row in rows], [row.number for row in rows]


def _columns(path: Path, header: list[str], kind: type[Line]) -> None:
    for name, column in kind.model_fields.items():
        if name not in header and column.is_required():
            raise Stop("agreement_column", f"{path.name}, row 1: the column '{name}' is missing", DO)
    for at, name in enumerate(header):
        if name and name not in kind.model_fields:
            raise Stop("agreement_column", f"{path.name}, row 1, column {at + 1}: {shown(name)} is no column of it", DO)


def _line(path: Path, kind: type[Line], number: int, cells: dict) -> Line:
    try:
        return kind.model_validate({name: cell or "" for name, cell in cells.items() if name})
    except ValidationError as why:
        first = why.errors()[0]
        column = str(first["loc"][0])
        what = f"{shown(cells[column])} {told(first)}" if cells[column] else f"the cell is empty; it {told(first)}"
        raise Stop("agreement_cell", f"{path.name}, row {number}, column {column}: {what}", DO) from None


def told(first: dict) -> str:
    """What pydantic found, in words for the person who edits the file."""
    limits = first.get("ctx", {})
    match first["type"]:
        case "string_too_short":
            return "must not be empty"
        case "literal_error":
            return f"must be one of: {limits['expected'].replace(' or ', ', ')}".replace("'", "")
        case "greater_than_equal":
            return f"must be {limits['ge']} or more"
        case "less_than_equal":
            return f"must be {limits['le']} or less"
    return first["msg"].removeprefix("Value error, ").replace("Input should", "must")


def _nearest(name: str) -> str:
    """What to do about a setting that does not exist; there are too many to list."""
    near = get_close_matches(name, Settings.model_fields, n=3, cutoff=0.5)
    return f"write {' or '.join(near)}" if near else "remove the row; the shipped agreement/settings.csv has them all"


def _settings(lines: list[Setting], numbers: list[int]) -> Settings:
    given, at = {}, {}
    for line, number in zip(lines, numbers):
        if line.setting in given:
            raise Stop(
                "agreement_setting",
                f"settings.csv, row {number}, column setting: {shown(line.setting)} stands already in row "
                f"{at[line.setting]}",
                "keep one of the two rows",
            )
        given[line.setting], at[line.setting] = line.value, number
    for name, number in at.items():
        if name not in Settings.model_fields:
            raise Stop(
                "agreement_setting",
                f"settings.csv, row {number}, column setting: {shown(name)} is no setting",
                _nearest(name),
            )
    for name in Settings.model_fields:
        if name not in given:
            raise Stop("agreement_setting", f"settings.csv, column setting: there is no row for '{name}'", DO)
    try:
        return Settings.model_validate(given)
    except ValidationError as why:
        first = why.errors()[0]
        name = str(first["loc"][0])
        raise Stop(
            "agreement_setting",
            f"settings.csv, row {at[name]}, column value: {name}: {shown(given[name])} {told(first)}",
            DO,
        ) from None
