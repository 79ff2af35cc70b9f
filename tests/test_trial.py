"""One company of the trial with stories and one without; `make trial` reads forty."""

from __future__ import annotations

import pytest

from tests.trial import company


@pytest.mark.parametrize("stories", [True, False])
def test_the_tables_tell_the_stories_by_name_and_no_others(tmp_path, monkeypatch, stories):
    monkeypatch.setenv("SAMPLE_EXPORT", str(tmp_path))
    read = company(tmp_path, seed=101, stories=stories)
    assert not read.missed and not read.false_alarms, read
