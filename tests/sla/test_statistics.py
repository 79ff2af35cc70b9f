"""The Wilson interval in SQL, by what defines it: its bounds are the shares from which the sample is just z away."""

from __future__ import annotations

from math import isclose, sqrt
from types import SimpleNamespace

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment

from tests.sla.office import MACROS

Z = 1.959963984540054  # the standard normal's 97.5 % quantile


@pytest.fixture(scope="module")
def bounds():
    """(successes, trials) -> the two bounds."""
    text = (MACROS / "statistics.sql").read_text(encoding="utf-8")
    asked = "select {{ wilson('x', 'n', '-') }}, {{ wilson('x', 'n', '+') }} from (select ? as x, ? as n)"
    environment = Environment()
    # dbt's return gives a macro's value; what is rendered is the same word
    given_ = {"target": SimpleNamespace(type="duckdb"), "return": lambda value: value}
    sql, con = environment.from_string(text + asked).render(**given_), duckdb.connect()
    return lambda successes, trials: con.execute(sql, [successes, trials]).fetchone()


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_each_bound_is_the_share_that_explains_the_sample_just_so(bounds, sample):
    x, n = sample
    low, high = bounds(x, n)
    assert 0 <= low <= x / n <= high <= 1
    for bound, is_end in ((low, x == 0), (high, x == n)):
        if is_end:
            assert bound in (0, 1)
        else:
            assert isclose(abs(x / n - bound), Z * sqrt(bound * (1 - bound) / n), rel_tol=1e-6)


def test_without_trials_nothing_is_known(bounds):
    assert bounds(0, 0) == (None, None)


def test_the_bounds_of_a_published_example(bounds):
    # Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263 and 15 of 148, method 3
    assert [round(bound, 4) for bound in bounds(81, 263)] == [0.2553, 0.3662]
    assert [round(bound, 4) for bound in bounds(15, 148)] == [0.0624, 0.1605]
