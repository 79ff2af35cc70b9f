"""Which word of sales the gate takes to be said of a handover, when the versions of a record say several."""

from __future__ import annotations

import pytest

from onefunnel.gate.handed import word_on
from onefunnel.judge.history import Record

HANDED, GONE, NEXT = 100, 200, 300


def record(version_at, disposition="junk", disposed_at=None, is_current=False) -> Record:
    return Record(version_at, is_current, disposition, disposed_at)


def said(*records: Record, is_latest: bool = False, gone: int | None = GONE) -> str | None:
    found = word_on(list(records), HANDED, NEXT, gone, is_latest)
    return found and found.disposition


@pytest.mark.parametrize(("at", "is_its"), [(HANDED - 1, False), (HANDED, True), (NEXT - 1, True), (NEXT, False)])
def test_a_date_says_whose_a_word_is(at, is_its):
    for version_at in (HANDED, NEXT + 50, None):
        assert said(record(version_at, disposed_at=at)) == ("junk" if is_its else None)


@pytest.mark.parametrize(("at", "is_its"), [(GONE - 1, False), (GONE, True), (NEXT - 1, True), (NEXT, False)])
def test_without_one_it_is_of_what_was_given_up_when_it_was_written(at, is_its):
    assert said(record(at)) == said(record(at, is_current=True)) == ("junk" if is_its else None)
    assert said(record(at), gone=None) is None


def test_the_latest_has_what_stands_on_the_record():
    assert said(record(None, is_current=True), is_latest=True, gone=None) == "junk"
    assert said(record(GONE), record(NEXT - 1, disposition=None, is_current=True), is_latest=True) == "junk"


def test_the_newest_goes_first_and_the_one_that_counts_before_all():
    old, new = record(210, "old", 150), record(220, "new", 150)
    assert said(old, new) == "new"
    assert said(record(210, "counts", 150, is_current=True), new) == "counts"
