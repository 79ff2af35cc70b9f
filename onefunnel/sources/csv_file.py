"""Read one CSV file as people really export them, every cell as text."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from onefunnel.errors import Stop

csv.field_size_limit(64 * 1024 * 1024)
BOMS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
WHITE = " \t\r\n\f\v\u00a0\ufeff"


@dataclass(frozen=True)
class Row:
    """One record of a file: its spreadsheet row (header = 1), its cells, and why it is unusable."""

    number: int
    cells: list[str | None]
    fault: str | None
    noted: str | None = None


def snake(header: str) -> str:
    """'Lead Owner ' -> 'lead_owner'; "Call Duration (in seconds)" -> 'call_duration_in_seconds'."""
    return re.sub(r"[^0-9a-z]+", "_", header.strip(WHITE).lower()).strip("_")


def read_header(path: Path, delimiter: str) -> list[str]:
    """The file's headers, trimmed; Stop when the file is empty, unreadable or wrongly separated."""
    for cells in _records(path, delimiter):
        return _checked_header([cell.strip(WHITE) for cell in cells], path, delimiter)
    raise Stop("empty_file", f"{path.name} is empty: not even a header row", "export it again")


def read_rows(path: Path, delimiter: str, width: int) -> Iterator[Row]:
    """The file's records after the header; blank lines are no records."""
    for number, cells in enumerate(_records(path, delimiter), start=1):
        if number == 1 or not any(cell.strip(WHITE) for cell in cells):
            continue
        fault = noted = None
        if len(cells) != width:
            fault = f"row has {len(cells)} cells, the header {width}"
            cells = (cells + [""] * width)[:width]
        if any("\0" in cell for cell in cells):
            noted = "NUL bytes removed"
            cells = [cell.replace("\0", "") for cell in cells]
        yield Row(number, [cell.strip(WHITE) or None for cell in cells], fault, noted)


def _records(path: Path, delimiter: str) -> Iterator[list[str]]:
    encoding = _encoding(path)
    number = 0
    try:
        with open(path, encoding=encoding, newline="") as handle:
            for number, cells in enumerate(csv.reader(handle, delimiter=delimiter), start=1):
                yield cells
    except UnicodeDecodeError as why:
        raise Stop(
            "file_encoding",
            f"{path.name}, after row {number}: byte 0x{why.object[why.start]:02x} is not {encoding}",
            "save it as 'CSV UTF-8' (or UTF-16 with its byte order mark)",
        ) from None
    except csv.Error as why:
        raise Stop("file_format", f"{path.name}, after row {number}: {why}", "export it again as CSV") from None


def _encoding(path: Path) -> str:
    with open(path, "rb") as handle:
        start = handle.read(4)
    return next((name for mark, name in BOMS if start.startswith(mark)), "utf-8")


def _checked_header(header: list[str], path: Path, delimiter: str) -> list[str]:
    for other in ";\t|,":
        if len(header) == 1 and other != delimiter and other in header[0]:
            shown = "a tab" if other == "\t" else f"'{other}'"
            raise Stop(
                "wrong_delimiter",
                f"{path.name}, row 1: one column only; it looks separated by {shown}, not by '{delimiter}'",
                "say so in sources.yml: `delimiter:` of the source",
            )
    named = [snake(cell) for cell in header]
    for name in named:
        if name and named.count(name) > 1:
            where = named.index(name, named.index(name) + 1) + 1
            raise Stop(
                "duplicate_header",
                f"{path.name}, row 1, column {where}: the header '{header[where - 1]}' stands twice",
                "rename or remove one of the two columns",
            )
    return header
