"""One company of the trial; `make trial` reads ten."""

from __future__ import annotations

import pytest

from tests.trial import company


@pytest.mark.parametrize("stories", [True, False])
def test_the_channels_tell_their_stories_and_no_others(tmp_path, monkeypatch, stories):
    monkeypatch.setenv("SAMPLE_EXPORT", str(tmp_path))
    seen = company(tmp_path, seed=101, stories=stories)
    assert seen.is_right, seen
