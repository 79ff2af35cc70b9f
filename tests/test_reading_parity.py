"""dbt's reading of a cell and the judge's are two programs; they must accept the same forms."""

from __future__ import annotations

import string
from datetime import UTC, datetime
from types import SimpleNamespace

import duckdb
import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefunnel.judge.instants import instant as judged_instant
from onefunnel.judge.words import normal, whole_number
from onefunnel.judge.words import number as judged_number
from tests import support

MACROS = ["engine.sql", "reading.sql"]


ENGINE = SimpleNamespace(type="duckdb")


def _macros():
    """The project's own macros, rendered as dbt renders them."""

    def give_back(value):
        raise Returned(value)

    class Returned(Exception):
        def __init__(self, value):
            self.value = value

    text = "\n".join((support.CHECKOUT / "dbt_project/macros" / name).read_text(encoding="utf-8") for name in MACROS)
    # dbt's return() ends a macro with a value; digits() is the one used here
    text = text.replace("{{ return('([0-9]", "{{ ('([0-9]")
    return jinja2.Environment(extensions=["jinja2.ext.do"]).from_string(text, globals={"target": ENGINE}).module


MODULE = _macros()
CON = duckdb.connect()
CON.execute("set timezone = 'UTC'")


def read(macro: str, texts: list[str], *arguments) -> list:
    """What the macro makes of each text, in one query."""
    sql = getattr(MODULE, macro)("cell", *arguments)
    CON.execute("create or replace table cells (number integer, cell varchar, _timezone varchar, _day_first varchar)")
    CON.executemany("insert into cells values (?, ?, 'Asia/Kolkata', 'true')", list(enumerate(texts)))
    return [row[0] for row in CON.execute(f"select {sql} from cells order by number").fetchall()]


NUMBERS = [
    "4500",
    "4500 INR",
    "$1,200 USD",
    "₹(500)",
    "(₹500)",
    "(500)",
    "-₹500",
    "₹-500",
    "-₹-500",
    "1$000",
    "12.5 L",
    "12.5L",
    "₹4,50,000",
    "$141.56K",
    "Rs. 500",
    "rs.500",
    "Rs 5",
    "12,5",
    "1 200",
    ".5",
    "5.",
    "1e9",
    "10 Cr",
    "10 crores",
    "2 lakhs",
    "(-5)",
    "--5",
    "",
    "-",
    "INR",
    "₹ 12,34,567.89",
    "1,2,3",
    "USD 5 m",
    "5 k USD",
    "٣",
]
INSTANTS = [
    "2024-01-01",
    "2024-01-01 09:05",
    "2024-01-01 9:05:00",
    "2024-01-01T09:05:00",
    "2024-01-01 10:00:00+00",
    "2024-01-01 10:00:00+05:30",
    "2024-01-01T10:00:00Z",
    "2024-01-01 10:00:00.1234567",
    "2024-01-01 10:00:00.123",
    "2024-01-01 10:00:00.1234567+0530",
    "1/2/2024 9:5",
    "1/2/2024 9:05",
    "01-02-2024",
    "31/02/2024",
    "15 Apr, 2021 00:03:00",
    "15 Apr 2021",
    "5-Apr-2021 07:00",
    "15 APRIL 2021",
    "15  Apr 2021",
    "2024-01-01  10:00",
    "2024-13-01",
    "2024-1-1",
    "24:00",
    "2024-01-01 24:00",
    "45321",
    "2024-W01-1",
    "01-02/2024",
    "15 Apr,2021",
    "15 Foo 2021",
    "2024-01-01T10:00Z",
]


def as_instant(micros: int | None):
    return (
        None
        if micros is None
        else datetime.fromtimestamp(micros / 1_000_000, UTC).replace(microsecond=micros % 1_000_000)
    )


def test_the_listed_forms_of_numbers_read_alike():
    ours = read("number", NUMBERS)
    assert dict(zip(NUMBERS, ours)) == {text: judged_number(text) for text in NUMBERS}
    assert ours[NUMBERS.index("4500 INR")] == 4500 and ours[NUMBERS.index("12,5")] is None


def test_the_listed_forms_of_instants_read_alike():
    ours = read("instant", INSTANTS)
    theirs = {text: as_instant(judged_instant(text, "Asia/Kolkata", True)) for text in INSTANTS}
    assert dict(zip(INSTANTS, ours)) == theirs
    assert ours[INSTANTS.index("2024-01-01 10:00:00+00")] == datetime(2024, 1, 1, 10, tzinfo=UTC)


pieces = st.sampled_from(
    ["₹", "$", "rs.", "inr", "usd", " ", "-", "(", ")", ",", ".", "k", "l", "cr", "lakh", *string.digits]
)
cells = st.lists(pieces, min_size=1, max_size=9).map("".join).map(str.strip).filter(bool)
dates = st.builds(
    "{}{}{}{}{}{}{}".format,
    st.sampled_from(["2024", "1", "15", "31", "02"]),
    st.sampled_from(["-", "/", " "]),
    st.sampled_from(["01", "2", "Apr", "13"]),
    st.sampled_from(["-", "/", " ", ", "]),
    st.sampled_from(["2024", "5", "28", "24"]),
    st.sampled_from(["", " 10:00", "T10:00:00", " 9:05", " 10:00:00.5", " 23:59:60"]),
    st.sampled_from(["", "Z", "+05:30", "+0530", "-08"]),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(cells, min_size=20, max_size=40))
def test_any_number_like_cell_reads_alike(texts):
    assert read("number", texts) == [judged_number(text) for text in texts], texts
    assert read("integer", texts) == [whole_number(text) for text in texts], texts


@settings(max_examples=40, deadline=None)
@given(st.lists(dates, min_size=20, max_size=40))
def test_any_date_like_cell_reads_alike(texts):
    ours, theirs = read("instant", texts), [as_instant(judged_instant(t, "Asia/Kolkata", True)) for t in texts]
    differing = [(text, a, b) for text, a, b in zip(texts, ours, theirs) if a != b]
    assert not differing


@pytest.mark.parametrize("text", ["a\u00a0 b", "  Plant\t Head ", "ÄB  c"])
def test_words_are_compared_alike(text):
    assert read("words", [text]) == [normal(text)]
