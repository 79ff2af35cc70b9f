"""The intervals, beside what their authors published, beside exact ones, and beside samples of leads."""

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


def rendered(text: str, *names: str) -> str:
    """SQL that asks the macros of these files."""
    macros = "".join((MACROS / f"{name}.sql").read_text(encoding="utf-8") for name in names)
    environment = Environment(extensions=["jinja2.ext.do"])
    context = {"target": SimpleNamespace(type="duckdb"), "return": lambda value: value, "groups": GROUPS}
    return environment.from_string(macros + text).render(**context)


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


@pytest.mark.parametrize("sizes", [(100, 0, 60), (100, 40, 60), (30, 10, 200), (10, 5, 20)])
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


def counted(events: int) -> tuple[float, float]:
    """The Poisson interval as definition_what_if works it out."""
    asked = ", ".join(f"{{{{ byar('x', '{side}') }}}}" for side in "-+")
    return duckdb.execute(
        rendered(f"select {asked} from (select cast(? as bigint) as x)", "statistics"), [events]
    ).fetchone()


@pytest.mark.parametrize(
    ("events", "low", "high"),
    # exact 95 % limits: Ulm, Am. J. Epidemiol. 131 (1990) 373-375, by the chi-square's quantiles
    [(0, 0.0, 3.6889), (5, 1.6235, 11.6683), (10, 4.7954, 18.3904), (30, 20.2406, 42.8268), (100, 81.3639, 121.6272)],
)
def test_a_counts_interval_is_the_exact_one_within_one_percent(events, low, high):
    ours_low, ours_high = counted(events)
    assert ours_low == pytest.approx(low, rel=0.01) and ours_high == pytest.approx(high, rel=0.01)


def test_a_counts_interval_is_the_chi_squares_whatever_the_count():
    chi2 = pytest.importorskip("scipy.stats").chi2
    for events in (6, 17, 64, 847):
        low, high = counted(events)
        assert low == pytest.approx(chi2.ppf(0.025, 2 * events) / 2, rel=0.01)
        assert high == pytest.approx(chi2.ppf(0.975, 2 * events + 2) / 2, rel=0.01)


@pytest.mark.parametrize(("leads", "odds"), [(60, 0.5), (600, 0.075), (600, 0.55)])
def test_the_interval_of_a_total_holds_what_leads_bring_on_average_in_at_least_about_95_of_100_samples(leads, odds):
    """Amounts as unlike each other as deals are, and most leads without any."""
    rng, spread, samples = np.random.default_rng(11), 0.8, 400
    true, given = leads * odds * math.exp(spread**2 / 2), []
    for _ in range(samples):
        amounts = rng.lognormal(0, spread, int(rng.binomial(leads, odds)))
        given.append((len(amounts), float(amounts.sum()), float((amounts**2).sum())))
    asked = ", ".join(f"{{{{ total_bound('total', 'squares', 'n', '{side}') }}}}" for side in "-+")
    values = ", ".join(str(row) for row in given)
    found = duckdb.execute(
        rendered(f"select {asked} from (values {values}) as given(n, total, squares)", "statistics")
    ).fetchall()
    assert sum(low <= true <= high for low, high in found) / samples >= 0.92
    assert all(0 <= low <= row[1] <= high for (low, high), row in zip(found, given))


def given(columns: list[str], rows: list[tuple]) -> str:
    values = ", ".join(f"({', '.join(f'{float(cell):e}' for cell in row)})" for row in rows)
    return f"with given({', '.join(columns)}) as (values {values})"


@pytest.mark.parametrize("sizes", [(80, 20, 60), (60, 0, 60), (30, 25, 25)])
def test_the_interval_of_a_difference_in_worth_holds_the_true_one_in_at_least_about_95_of_100_samples(sizes):
    rng, chances, spread, samples = np.random.default_rng(5), (0.6, 0.5, 0.3), 0.6, 400
    known, in_force = sizes[0] + sizes[1], sizes[0] + sizes[2]
    weights = (sizes[0] / known - sizes[0] / in_force, sizes[1] / known, -sizes[2] / in_force)
    mean = 1000 * math.exp(spread**2 / 2)
    true = sum(weight * p * mean for weight, p in zip(weights, chances))
    rows, columns = [], []
    for _ in range(samples):
        row = []
        for size, p, weight in zip(sizes, chances, weights):
            amounts = 1000 * rng.lognormal(0, spread, int(rng.binomial(size, p)))
            square = float((amounts**2).mean()) if len(amounts) else 0.0
            row += [weight, size, float(amounts.sum()), len(amounts), math.sqrt(square)]
        rows.append(tuple(row))
    for group in GROUPS:
        columns += [f"{group}_{name}" for name in ("weight", "leads", "paisa", "amounts", "stretch")]
    asked = ", ".join(f"sqrt({{{{ amount_contrast_margin(groups, '{side}') }}}})" for side in "-+")
    text = f"{given(columns, rows)} select {{{{ contrast(groups, 'paisa') }}}}, {asked} from given"
    found = duckdb.execute(rendered(ratio_macro() + text, "statistics", "what_if")).fetchall()
    assert sum(middle - below <= true <= middle + above for middle, below, above in found) / samples >= 0.93


def ratio_macro() -> str:
    text = (MACROS / "attribution.sql").read_text(encoding="utf-8")
    begins = text.index("{% macro ratio(")
    return text[begins : text.index("{%- endmacro %}", begins)] + "{%- endmacro %}"


@pytest.mark.parametrize(("shared", "one_only"), [(60, 10), (200, 0), (40, 40)])
def test_the_interval_of_two_shares_of_mostly_the_same_cases_holds_the_true_difference_in_about_95_of_100(
    shared, one_only
):
    rng, samples = np.random.default_rng(3), 400
    rows = []
    for _ in range(samples):
        base = rng.random(shared) < 0.2
        more = base | (rng.random(shared) < 0.15)
        x = int(more.sum() + (rng.random(one_only) < 0.32).sum())
        y = int(base.sum() + (rng.random(one_only) < 0.2).sum())
        n = shared + one_only
        p, q = x / n, y / n
        spread = math.sqrt(n * p * (1 - p) * n * q * (1 - q))
        r = float(((more - p) * (base - q)).sum()) / spread if spread else 0.0
        rows.append((x, n, y, n, p, q, r))
    bounds = ", ".join(
        f"{{{{ wilson('{x}', '{n}', '{side}') }}}} as {name}_{end}"
        for name, x, n in (("p", "x", "n"), ("q", "y", "m"))
        for side, end in (("-", "low"), ("+", "high"))
    )
    asked = ", ".join(f"{{{{ correlated_margin('p', 'q', 'r', '{side}') }}}}" for side in "-+")
    text = (
        f"{given(list('xnympqr'), rows)}, bounded as (select *, {bounds} from given) select p - q, {asked} from bounded"
    )
    found = duckdb.execute(rendered(text, "statistics")).fetchall()
    held = sum(middle - below <= 0.12 <= middle + above for middle, below, above in found) / samples
    assert 0.92 <= held <= 0.985
