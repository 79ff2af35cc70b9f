"""Read the agreement's folder: every file complete, every cell of its kind, or one clear line."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from onefunnel.agreement.tables import FILES, Line, Setting, Settings, Signature
from onefunnel.errors import Stop
from onefunnel.sources.csv_file import read_header, read_rows

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


def _file(path: Path, kind: type[Line]) -> tuple[list[Line], list[int]]:
    if not path.is_file():
        raise Stop("agreement_file", f"{path.name} is missing in {path.parent}", DO)
    header = read_header(path, ",")
    expected = list(kind.model_fields)
    for name in expected:
        if name not in header:
            raise Stop("agreement_column", f"{path.name}, row 1: the column '{name}' is missing", DO)
    for at, name in enumerate(header):
        if name and name not in expected:
            raise Stop("agreement_column", f"{path.name}, row 1, column {at + 1}: '{name}' is no column of it", DO)
    lines, numbers = [], []
    for row in read_rows(path, ",", len(header)):
        if row.fault:
            raise Stop("agreement_row", f"{path.name}, row {row.number}: {row.fault}", DO)
        lines.append(_line(path, kind, row.number, dict(zip(header, row.cells, strict=True))))
        numbers.append(row.number)
    return lines, numbers


def _line(path: Path, kind: type[Line], number: int, cells: dict) -> Line:
    try:
        return kind.model_validate({name: cell or "" for name, cell in cells.items() if name})
    except ValidationError as why:
        first = why.errors()[0]
        column = str(first["loc"][0])
        told = first["msg"].removeprefix("Value error, ")
        raise Stop(
            "agreement_cell", f"{path.name}, row {number}, column {column}: '{cells[column] or ''}': {told}", DO
        ) from None


def _settings(lines: list[Setting], numbers: list[int]) -> Settings:
    given: dict[str, str] = {}
    for line, number in zip(lines, numbers, strict=True):
        if line.setting in given:
            raise Stop("agreement_setting", f"settings.csv, row {number}: '{line.setting}' stands twice", DO)
        given[line.setting] = line.value
    try:
        return Settings.model_validate(given)
    except ValidationError as why:
        first = why.errors()[0]
        name = str(first["loc"][0])
        at = next((n for line, n in zip(lines, numbers, strict=True) if line.setting == name), None)
        place = f"row {at}, column {'setting' if first['type'] == 'extra_forbidden' else 'value'}" if at else "no row"
        raise Stop("agreement_setting", f"settings.csv, {place}: {name}: {first['msg']}", DO) from None
