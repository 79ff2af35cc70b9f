"""Kappa and AC1 against published examples and against statsmodels 0.15 and irrCAC 0.4.4, whose values stand here."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oracle_sla.agreement import Z, ac1, agreement_row, kappa, qualification_agreement
from tests.oracle_sla.hand import at, company, handed, lead

FLEISS = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]  # Fleiss, Statistical Methods for Rates and Proportions, table 13.1
# counts -> kappa, its standard error (statsmodels), AC1, its standard error (irrCAC's with n for its n - 1)
KNOWN = [
    (FLEISS, 0.676470588235294, 0.08770295347521254, 0.867569601204, 0.03923023360452467),
    ([[20, 5], [10, 15]], 0.4, 0.12699606293110033, 0.405940594059, 0.1301517176480316),
    ([[118, 5], [2, 0]], -0.02339181286549608, 0.012286756672845256, 0.940776337609, 0.022964551247544828),
    ([[30, 8], [11, 7]], 0.18654434250764518, 0.1374953669343146, 0.419372442019, 0.1290834122255891),
    ([[44, 4, 6], [5, 20, 5], [4, 5, 7]], 0.5150501672240801, 0.07122037673967302, 0.586349534643, 0.06780791640702928),
]


@pytest.mark.parametrize(("counts", "of_kappa", "se_kappa", "of_ac1", "se_ac1"), KNOWN)
def test_against_other_libraries(counts, of_kappa, se_kappa, of_ac1, se_ac1):
    for found, value, error in ((kappa(counts), of_kappa, se_kappa), (ac1(counts), of_ac1, se_ac1)):
        assert found.value == pytest.approx(value, abs=1e-11)
        assert (found.value - found.low) / Z == pytest.approx(error, abs=1e-10)
        assert found.high == pytest.approx(min(1, value + Z * error), abs=1e-10)


def test_the_published_figures():
    """Fleiss prints .68; Cohen's own two-by-two example .40; Gwet's paradox of kappa -.02 and .94."""
    assert round(kappa(FLEISS).value, 2) == 0.68
    assert round(kappa([[118, 5], [2, 0]]).value, 2) == -0.02
    assert round(ac1([[118, 5], [2, 0]]).value, 2) == 0.94


def test_intervals_are_cut_to_what_can_be():
    """statsmodels: 1.2555 at the upper end of kappa's."""
    assert kappa([[1, 1], [0, 3]]).high == 1
    assert kappa([[1, 1], [0, 3]]).low == pytest.approx(-0.16430842064812867)


@pytest.mark.parametrize("table", [[[3, 6], [7, 14]], [[7, 3], [21, 9]], [[11, 13], [33, 39]]])
def test_no_agreement_beyond_chance_is_zero_and_not_nearly_so(table):
    assert kappa(table).value == 0


def test_what_cannot_be_told():
    assert kappa([[0, 0], [0, 0]]) == ac1([[0, 0], [0, 0]]) == (None, None, None)
    assert kappa([[5, 0], [3, 0]]).value is None and kappa([[0, 0], [3, 4]]).value is None
    assert ac1([[5, 0], [0, 0]]) == (1, 1, 1)
    assert ac1([[1, 0], [0, 0]]) == (1, None, None)


counts = st.lists(st.lists(st.integers(0, 40), min_size=2, max_size=2), min_size=2, max_size=2)


@given(counts)
def test_the_sides_may_change_places(table):
    turned = [list(column) for column in zip(*table)]
    renamed = [row[::-1] for row in table[::-1]]
    for measure in (kappa, ac1):
        for other in (turned, renamed):
            assert measure(other) == pytest.approx(measure(table), abs=1e-12)


@given(counts)
def test_ten_times_the_data_says_the_same_more_closely(table):
    for measure in (kappa, ac1):
        once, often = measure(table), measure([[10 * count for count in row] for row in table])
        assert often.value == pytest.approx(once.value, abs=1e-12)
        if once.low is not None:
            assert often.low >= once.low - 1e-12


def test_months_and_segments(tmp_path):
    rows = [
        handed(handover_id="a#1", lead_id="a"),  # met; sales goes on
        handed(handover_id="b#1", lead_id="b", definition_met=False, intent_fits=None),  # sales goes on all the same
        handed(handover_id="c#1", lead_id="c"),  # nothing known yet
        handed(handover_id="d#1", lead_id="d", handed_over_at=at("2026-02-01 00:00")),
        handed(handover_id="e#1", lead_id="e", agreement_version=None),
    ]
    leads = [lead(lead_id=name, claimed_mql_at=at("2026-01-06 10:00")) for name in "abcde"]
    leads[0]["claimed_sql_at"] = leads[1]["claimed_sql_at"] = at("2026-01-08 10:00")
    leads[2]["claimed_mql_at"] += 1
    segments = [{"lead_id": name, "segment": {"a": "Micro", "b": None}.get(name, "Large")} for name in "abcde"]
    told = company(tmp_path, *rows, core_leads=leads, metrics__leads=segments)
    verdicts = {"a": "qualified", "b": "qualified", "c": "pending", "d": "not_qualified", "e": "qualified"}
    judged = [{"handover_id": f"{name}#1", "sales_verdict": verdict} for name, verdict in verdicts.items()]
    found = {(row["month_start_on"], row["segment"]): row for row in qualification_agreement(told, judged)}
    months = sorted({month for month, _ in found})
    assert [key for key in sorted(found) if key[0] == months[0]] == [
        (months[0], segment) for segment in ("(all)", "Large", "Micro", "unknown")
    ]
    january = found[months[0], "(all)"]
    assert [january[n] for n in ("both_qualified", "definition_only", "sales_only", "neither")] == [1, 0, 1, 0]
    assert (january["pending"], january["claimed"], january["claimed_met"]) == (1, 2, 1)
    assert (january["observed_agreement"], january["kappa"], january["prevalence"]) == (0.5, None, 0.75)
    assert found[months[1], "Large"]["definition_only"] == 1
    aside = qualification_agreement(told, [dict(row, sales_verdict="set_aside") for row in judged])
    counted = [
        (row["set_aside"], row["pending"], row["observed_agreement"]) for row in aside if row["segment"] == "(all)"
    ]
    assert counted == [(3, 0, None), (1, 0, None)]
    lost = qualification_agreement(told, [dict(row, sales_verdict="unknown") for row in judged])
    assert [(row["unknown"], row["set_aside"]) for row in lost if row["segment"] == "(all)"] == [(3, 0), (1, 0)]
    assert found[months[0], "Large"]["observed_agreement"] is None


@pytest.mark.parametrize(
    ("cells", "status"),
    [((4, 0, 1, 0), "ok"), ((2, 0, 1, 0), "few cases"), ((3, 0, 0, 2), "no spread"), ((0, 3, 2, 0), "no spread")],
)
def test_an_interval_needs_enough_cases_and_some_that_agree_and_some_that_do_not(cells, status):
    verdicts = [(met, said) for met in (True, False) for said in ("qualified", "not_qualified")]
    row = agreement_row(1, "Micro", Counter(dict(zip(verdicts, cells))), 4)
    assert row["status"] == status
    assert (row["ac1_low"] is None) == (row["ac1_high"] is None) == (status != "ok")
    assert row["ac1"] is not None and (row["kappa"] is None or status == "ok" or row["kappa_low"] is None)
