"""Read one CSV file as people really export them, every cell as text."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from onefunnel.errors import Stop

MOST_OF_A_CELL = 64 * 1024 * 1024
csv.field_size_limit(MOST_OF_A_CELL)
BOMS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
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


def shown(text: str | None, most: int = 60) -> str:
    """A cell as a message shows it: quoted, on one line, cut when long."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text or "").split())
    return f"'{line if len(line) <= most else line[:most] + '...'}'"


def read_header(path: Path, delimiter: str) -> list[str]:
    """The file's headers, trimmed; Stop when the file is empty, unreadable or wrongly separated."""
    for cells, _ in _records(path, delimiter):
        return _checked_header([cell.replace("\0", "").strip(WHITE) for cell in cells], path, delimiter)
    raise Stop("empty_file", f"{path.name} is empty: not even a header row", "export it again")


def read_rows(path: Path, delimiter: str, width: int) -> Iterator[Row]:
    """The file's records after the header; blank lines are no records."""
    for number, (cells, lines) in enumerate(_records(path, delimiter), start=1):
        if number == 1 or not any(cell.strip(WHITE) for cell in cells):
            continue
        fault = noted = None
        if len(cells) != width:
            doubt = f"; it runs over {lines} lines: is a quote missing?" if lines > 1 else ""
            fault = f"row has {len(cells)} cells, the header {width}{doubt}"
            cells = (cells + [""] * width)[:width]
        if any("\0" in cell for cell in cells):
            noted = "NUL bytes removed"
            cells = [cell.replace("\0", "") for cell in cells]
        yield Row(number, [cell.strip(WHITE) or None for cell in cells], fault, noted)


def _records(path: Path, delimiter: str) -> Iterator[tuple[list[str], int]]:
    """Each record's cells, and over how many lines of the file it runs."""
    number, cells, record, lines = 0, [], [], []
    try:
        encoding = _encoding(path)
        with open(path, encoding=encoding, newline="") as handle:
            for cells in csv.reader(_kept(handle, lines), delimiter=delimiter):
                number, record, lines[:] = number + 1, lines[:], []
                yield cells, len(record)
        # one more line is one more record, unless the last one still waits for its closing quote
        if number and len(list(csv.reader([*record, "x"], delimiter=delimiter))) == 1:
            raise Stop(
                "file_format",
                f"{path.name}, row {number}, column {len(cells)}: a quote opens and is never closed",
                "close the quote, or export the file again",
            )
    except UnicodeDecodeError as why:
        raise Stop(
            "file_encoding",
            f"{path.name}, {_undecodable(path, encoding, delimiter)}: "
            f"byte 0x{why.object[why.start]:02x} is not {encoding.removesuffix('-sig')}",
            "save it as 'CSV UTF-8' (or UTF-16 with its byte order mark)",
        ) from None
    except csv.Error:
        raise Stop(
            "file_format",
            f"{path.name}, row {number + 1}: a cell is larger than {MOST_OF_A_CELL >> 20} MB; is a quote missing?",
            "close the quote, or export the file again",
        ) from None
    except OSError as why:
        raise unreadable(path, why) from None


def unreadable(path: Path, why: OSError) -> Stop:
    return Stop("file_unreadable", f"{path.name} cannot be read: {why.strerror}", "check the file's permissions")


def _kept(handle, lines: list[str]) -> Iterator[str]:
    for line in handle:
        lines.append(line)
        yield line


def _encoding(path: Path) -> str:
    with open(path, "rb") as handle:
        start = handle.read(64)
    if start.startswith(WORKBOOKS):
        raise Stop("file_format", f"{path.name} is a workbook, not CSV", "in the spreadsheet: save as 'CSV UTF-8'")
    for mark, name in BOMS:
        if start.startswith(mark):
            return name
    # UTF-16 without its mark: every second byte of a header in Latin letters is zero
    if len(start) >= 4 and not any(start[1::2]):
        return "utf-16-le"
    if len(start) >= 4 and not any(start[::2]):
        return "utf-16-be"
    return "utf-8"


def _undecodable(path: Path, encoding: str, delimiter: str) -> str:
    """The row and column of the first cell that is not in the encoding."""
    wide = encoding.startswith("utf-16") or encoding.startswith("utf-32")
    mark = re.compile("\ufffd" if wide else "[\udc80-\udcff]")
    with open(path, encoding=encoding, errors="replace" if wide else "surrogateescape", newline="") as handle:
        for number, cells in enumerate(csv.reader(handle, delimiter=delimiter), start=1):
            for at, cell in enumerate(cells, start=1):
                if mark.search(cell):
                    return f"row {number}, column {at}"
    return "last row"


def _checked_header(header: list[str], path: Path, delimiter: str) -> list[str]:
    if not any(header):
        raise Stop(
            "empty_header", f"{path.name}, row 1: no header stands there", "export it again, headers in the first row"
        )
    for other in ";\t|,":
        if len(header) == 1 and other != delimiter and other in header[0]:
            marks = ["a tab" if mark == "\t" else f"'{mark}'" for mark in (other, delimiter)]
            raise Stop(
                "wrong_delimiter",
                f"{path.name}, row 1: one column only; it looks separated by {marks[0]}, not by {marks[1]}",
                "say so in sources.yml: `delimiter:` of the source",
            )
    named = [snake(cell) for cell in header]
    for name in named:
        if name and named.count(name) > 1:
            first = named.index(name)
            second = named.index(name, first + 1)
            raise Stop(
                "duplicate_header",
                f"{path.name}, row 1, column {second + 1}: the header {shown(header[second])} stands twice "
                f"(also in column {first + 1})",
                "rename or remove one of the two columns",
            )
    return header
