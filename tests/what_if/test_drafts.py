"""Which drafts can be tried, and a run whose draft is unfinished."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import pytest

from onefunnel.agreement import check_agreement, read_agreement
from onefunnel.agreement.definition import check_draft, whole_drafts
from onefunnel.agreement.expand import tables
from onefunnel.errors import Stop
from tests import support
from tests.what_if.conftest import add_rows

AS_OF = datetime(2026, 3, 31, 18, 30, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(support.CHECKOUT / "agreement", tmp_path / "agreement")


def drop(folder, name: str, start: str) -> None:
    path = folder / f"{name}.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(start)]
    assert len(kept) < len(lines)
    path.write_text("".join(kept), encoding="utf-8")


def test_the_checkouts_draft_is_whole_and_signed_versions_are_none():
    agreement = read_agreement(support.CHECKOUT / "agreement")
    assert whole_drafts(agreement) == [3]
    assert tables(agreement, AS_OF)["drafts"] == [(3,)]


@pytest.mark.parametrize(
    ("file", "start", "lacks"),
    [
        ("qualification", "3,industry", "industry"),
        ("qualification", "3,company_size,precedence", "precedence"),
        ("qualification", "3,intent", "intent"),
        ("qualification", "3,role", "role"),
        ("intent_behaviours", "3,", "behaviour"),
    ],
)
def test_a_draft_that_lacks_something_is_not_tried_and_stops_no_run(folder, file, start, lacks):
    drop(folder, file, start)
    agreement = read_agreement(folder)
    check_agreement(agreement, AS_OF)
    assert whole_drafts(agreement) == []
    with pytest.raises(Stop, match=lacks):
        check_draft(agreement, agreement.rows["signatures"][2])


def test_a_draft_with_two_roles_of_one_order_is_not_tried(folder):
    add_rows(folder, "roles", [[3, 10, "grand vizier", "head", "true"]])
    agreement = read_agreement(folder)
    check_agreement(agreement, AS_OF)
    assert whole_drafts(agreement) == []
