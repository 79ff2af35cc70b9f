"""The interval of the difference, beside the example that its author published and beside samples of leads."""

from __future__ import annotations

import math
from types import SimpleNamespace

import duckdb
import numpy as np
import pytest
from jinja2 import Environment

from tests import support

MACROS = support.CHECKOUT / "dbt_project" / "macros"
GROUPS = ("both", "only", "other")


@pytest.fixture(scope="module")
def interval():
    """((x, n) of the groups both, only, other) -> difference, low, high, as definition_what_if works them out."""
    text = "".join((MACROS / f"{name}.sql").read_text(encoding="utf-8") for name in ("statistics", "what_if"))
    attribution = (MACROS / "attribution.sql").read_text(encoding="utf-8")
    begins = attribution.index("{% macro ratio(")
    text += attribution[begins : attribution.index("{%- endmacro %}", begins)] + "{%- endmacro %}"
    margins = ", ".join(f"{{{{ contrast_margin(groups, '{side}') }}}}" for side in "-+")
    text += f"select {{{{ contrast(groups) }}}}, {margins} from given"
    environment = Environment(extensions=["jinja2.ext.do"])
    context = {"target": SimpleNamespace(type="duckdb"), "return": lambda value: value, "groups": GROUPS}
    sql = environment.from_string(text).render(**context)
    columns = ", ".join(f"? as {g}_opportunities, ? as {g}_leads, ? as {g}_weight" for g in GROUPS)

    def worked_out(both, only, other):
        known, in_force = both[1] + only[1], both[1] + other[1]
        weights = (both[1] / known - both[1] / in_force, only[1] / known, -other[1] / in_force)
        asked = [value for (x, n), weight in zip((both, only, other), weights) for value in (x, n, weight)]
        middle, below, above = duckdb.execute(f"with given as (select {columns}) {sql}", asked).fetchone()
        return middle, middle - math.sqrt(below), middle + math.sqrt(above)

    return worked_out


@pytest.mark.parametrize(
    ("draft", "in_force", "low", "high"),
    [
        # Newcombe, Stat. Med. 17 (1998) 873-890, table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
    ],
)
def test_without_a_shared_lead_it_is_newcombes_interval(interval, draft, in_force, low, high):
    _, ours_low, ours_high = interval((0, 0), draft, in_force)
    assert (round(ours_low, 4), round(ours_high, 4)) == (low, high)


def test_two_definitions_of_the_same_leads_do_not_differ(interval):
    assert interval((30, 80), (0, 0), (0, 0)) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("sizes", [(100, 0, 60), (100, 40, 60), (30, 10, 200)])
def test_the_interval_holds_the_true_difference_in_about_95_of_100_samples(interval, sizes):
    rng, chances = np.random.default_rng(7), (0.4, 0.3, 0.2)
    known, in_force = sizes[0] + sizes[1], sizes[0] + sizes[2]
    true = (sizes[0] * chances[0] + sizes[1] * chances[1]) / known
    true -= (sizes[0] * chances[0] + sizes[2] * chances[2]) / in_force
    held = 0
    for _ in range(400):
        groups = [(int(rng.binomial(n, p)), n) for n, p in zip(sizes, chances)]
        _, low, high = interval(*groups)
        held += low <= true <= high
    assert 0.92 <= held / 400 <= 0.985
