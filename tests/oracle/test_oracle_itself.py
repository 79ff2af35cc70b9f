"""Paths computed by hand: the oracle's attribution is pinned to them."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oracle import attribution, markov
from tests.oracle.attribution import UNITS, Goal, Touch, amounts_of, credits_of, path_to, split, units_of
from tests.oracle.days import DAY
from tests.oracle.hand import MODELS, SETTINGS, at, money, rows
from tests.oracle.reading import company
from tests.oracle.touches import account_touches

AGREED = attribution.settings(company(agreement__attribution_models=MODELS))
# a on day 0, b on 10, c on 20, d on 30; the lead on 10, the opportunity on 20, won on 35
PATH = [Touch(DAY * n, name, channel) for n, name, channel in ((0, "a", "search"), (10, "b", "mail"),
                                                              (20, "c", "search"), (30, "d", "fair"))]  # fmt: skip
WON = Goal("won", DAY * 35, DAY * 10, DAY * 20)


def percent(*parts: str) -> list[int]:
    return [int(Decimal(part) * UNITS / 100) for part in parts]


def units(model, path=PATH, goal=WON, removal=None):
    return units_of(model, path, goal, AGREED, removal or {})


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("first", ("100", "0", "0", "0")),
        ("last", ("0", "0", "0", "100")),
        ("linear", ("25", "25", "25", "25")),
        ("u_shaped", ("40", "40", "10", "10")),
        ("w_shaped", ("30", "30", "30", "10")),
        ("full_path", ("25", "25", "25", "25")),  # nothing rests: 4 x 22.5 rescaled
        ("even_by_channel", ("16.6666667", "33.3333333", "16.6666666", "33.3333334")),  # fair, mail, search
        ("markov", ("25", "50", "25", "0")),  # no removal effect of fair
    ],
)
def test_each_model_on_one_path(model, expected):
    assert units(model, removal={"search": 300, "mail": 300}) == percent(*expected)


def test_full_path_shares_what_rests():
    path = sorted([*PATH, Touch(DAY * 12, "e", "mail"), Touch(DAY * 13, "f", "mail")])
    assert units("full_path", path) == percent("22.5", "22.5", "5", "5", "22.5", "22.5")


def test_time_decay_halves_every_seven_days():
    path = [Touch(WON.at - DAY * age, str(20 - age), "mail") for age in (14, 7, 0)]
    assert units("time_decay", path) == [142857143, 285714286, 571428571]  # 1/7, 2/7, 4/7
    ancient = [Touch(0, "a", "mail"), Touch(DAY * 7000, "b", "mail")]
    assert units("time_decay", ancient, Goal("won", DAY * 7000)) == [1, 999999999]  # 1 of 1e9 + 1, never nothing


def test_coinciding_milestones_add():
    goal = Goal("won", DAY * 35, DAY * 5, DAY * 5)  # first, lead and opportunity are all a
    assert units("u_shaped", goal=goal) == [800000000, 66666667, 66666667, 66666666]
    assert units("w_shaped", goal=goal) == [900000000, 33333334, 33333333, 33333333]


def test_missing_milestones_are_rescaled():
    goal = Goal("won", DAY * 35, None, None)
    # 40 and 20 over three others: 2/3 and 1/9 each
    assert units("u_shaped", goal=goal) == [666666667, 111111111, 111111111, 111111111]
    # lead created before any touch: the same
    assert units("u_shaped", goal=Goal("won", DAY * 35, -1)) == [666666667, 111111111, 111111111, 111111111]
    # first 22.5, won 22.5, rest 10 over two: 45/110, 10/110, 10/110, 45/110
    assert units("full_path", goal=goal) == [409090909, 90909091, 90909091, 409090909]


def test_the_same_second_goes_by_the_key():
    path = path_to([Touch(DAY, "t2", "mail"), Touch(DAY, "t1", "fair"), Touch(DAY, "t3", "mail")], DAY * 2, DAY * 90)
    assert [touch.touch_id for touch in path] == ["t1", "t2", "t3"]
    assert units("first", path)[0] == units("last", path)[2] == UNITS
    # first t1; lead and opportunity both t3; t2 rests
    assert units("w_shaped", path, Goal("won", DAY * 2, DAY, DAY)) == percent("30", "10", "60")


@pytest.mark.parametrize("model", attribution.MODELS)
def test_one_touch_has_it_all(model):
    assert units(model, PATH[:1]) == [UNITS]


def test_the_lookback_ends_before_its_length():
    touches = [
        Touch(0, "a", "mail"),
        Touch(1, "b", "mail"),
        Touch(DAY * 90, "c", "mail"),
        Touch(DAY * 90 + 1, "d", "m"),
    ]
    assert [touch.touch_id for touch in path_to(touches, DAY * 90, DAY * 90)] == ["b", "c"]


def test_no_touch_is_one_row_per_model():
    found = list(credits_of([], WON, 12345, AGREED, {}))
    assert [row[0] for row in found] == list(attribution.MODELS)
    assert {row[1:] for row in found} == {(None, "no marketing touch", UNITS, 12345)}
    assert "full_path" not in attribution.models_of(Goal("opportunity", 1))


def test_amounts_to_the_paisa():
    thirds = split(UNITS, [1, 1, 1])
    assert thirds == [333333334, 333333333, 333333333]
    assert split(100, [1, 2, 4]) == [14, 29, 57]
    assert amounts_of(10000, thirds) == [3334, 3333, 3333]
    assert amounts_of(-10001, thirds) == [-3334, -3334, -3333]  # 3333.67 3333.67 3333.67: the first has the most
    assert amounts_of(0, thirds) == [0, 0, 0]
    assert amounts_of(None, thirds) == [None, None, None]


@given(st.integers(-(10**15), 10**15), st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any))
def test_every_split_adds_up(paisa, raws):
    parts = split(UNITS, raws)
    money = amounts_of(paisa, parts)
    assert sum(parts) == UNITS and sum(money) == paisa
    assert all(abs(part - Fraction(UNITS * raw, sum(raws))) < 1 for part, raw in zip(parts, raws))
    assert all(amount == 0 for amount, part in zip(money, parts) if part == 0)


touches_of_a_deal = st.lists(
    st.tuples(st.integers(0, 100), st.integers(0, 5), st.sampled_from("abc")), min_size=1, max_size=12, unique=True
)


@given(
    touches_of_a_deal, st.none() | st.integers(0, 100), st.none() | st.integers(0, 100), st.integers(-(10**9), 10**9)
)
def test_every_model_gives_exactly_the_amount(drawn, lead, opportunity, paisa):
    path = sorted(Touch(DAY * day, f"{number}{channel}", channel) for day, number, channel in drawn)
    goal = Goal("won", DAY * 100, lead and DAY * lead, opportunity and DAY * opportunity)
    found = list(credits_of(path, goal, paisa, AGREED, {"a": 5, "b": 7}))
    for model in attribution.MODELS:
        assert sum(row[3] for row in found if row[0] == model) == UNITS
        assert sum(row[4] for row in found if row[0] == model) == paisa


def test_markov_by_hand():
    # start: a 2/3, b 1/3; a: converts 1/2, b 1/2; b: converts 1/2. c(b) = 1/2, c(a) = 3/4, all 2/3.
    # Without a: 1/3 x 1/2 = 1/6, so 3/4 is lost. Without b: 2/3 x 1/2 = 1/3, so 1/2 is lost.
    converting, others = [["a"], ["a", "b"]], [["b"]]
    assert markov.conversion(markov.transitions(converting, others)) == Fraction(2, 3)
    assert markov.removal_units(converting, others) == {"a": 750000000, "b": 500000000}
    # a after itself: 1/3 again, 1/3 converts, 1/3 ends: 1/2, and all of it is lost without a
    assert markov.removal_units([["a", "a"]], [["a"], ["x"]]) == {"a": UNITS, "x": 0}
    assert markov.removal_units([], [["a"]]) == {}


paths = st.lists(st.lists(st.sampled_from("abcd"), min_size=1, max_size=5), min_size=1, max_size=8)


@given(paths, paths)
def test_removal_is_visiting_and_then_converting(converting, others):
    """The same effect another way: P(visit) x P(convert from there) / P(convert), by the fundamental matrix."""
    counts = markov.transitions(converting, others)
    states = list(counts)
    chances = np.array([[counts[a][b] / sum(counts[a].values()) for b in states] for a in states])
    often = np.linalg.inv(np.eye(len(states)) - chances)
    converts = often @ [counts[a][markov.CONVERTED] / sum(counts[a].values()) for a in states]
    for channel, found in markov.removal_units(converting, others).items():
        n = states.index(channel)
        assert found == pytest.approx(often[0, n] / often[n, n] * converts[n] / converts[0] * UNITS, abs=2)


def small(**more):
    """One account with two records of one person, an e-mail, a visitor; a deal for 100.01."""
    tables = {
        "run__context": [SETTINGS],
        "core_leads": rows("lead_id email consent_withdrawn_at consent_given_at", ("L1", "A@x.in", None, None),
                           ("L2", None, at("2025-04-05"), at("2025-04-08")), ("L3", "b@x.in", None, None)),
        "core_contacts": rows("contact_id email", ("K1", " a@X.in "), ("K2", "b@x.in")),
        "identity__accounts": rows("entity record_id account_id", ("lead", "L1", "A"), ("lead", "L2", "A"),
                                   ("lead", "L3", "B"), ("contact", "K1", "A"), ("contact", "K2", "C")),
        "identity__people": rows("entity record_id person_id", ("lead", "L1", "L1"), ("lead", "L2", "L1"),
                                 ("lead", "L3", "L3"), ("contact", "K1", "L1"), ("contact", "K2", "K2")),
        "core_campaigns": rows("campaign_id type", ("P1", " Search  Ads")),
        "agreement__channels": rows(
            "rule_order lead_source campaign_type touch_kind utm_source channel is_marketing",
            (1, "website", None, None, None, "Website", True), (2, None, "search ads", None, "bing", "Bing", True),
            (3, None, "search ads", None, None, "Search", True), (4, None, None, "call", None, "Phone", False),
        ),
        "agreement__attribution_touch_kinds": rows(
            "kind only_with_utm", ("click", False), ("call", False), ("view", True)
        ),
        "agreement__attribution_models": MODELS,
        "core_touches": rows(
            "touch_id happened_at kind lead_id contact_id email anonymous_id campaign_id utm_source",
            ("t1", at("2025-04-01"), "Click", "L1", None, None, "v1", "P1", None),
            ("t2", at("2025-04-02"), "click", "gone", None, "A@x.in ", None, "P1", " Bing"),
            ("t3", at("2025-04-03"), "view", None, None, None, "v1", None, None),  # counts only when tagged
            ("t4", at("2025-04-04"), "CALL", None, "K1", None, None, None, None),
            ("t5", at("2025-04-05"), "click", "L1", None, None, None, "P1", None),  # the moment of withdrawal
            ("t6", at("2025-04-08"), "click", "L1", None, None, None, None, None),  # given again at this moment
            ("t7", at("2025-04-09"), "click", None, None, "b@x.in", "v2", None, None),  # two persons
            ("t8", at("2025-04-10"), "click", None, None, None, "v1", None, None),
        ),
        "metrics__leads": rows("lead_id account_id duplicate_of_lead_id created_at",
                               ("L1", "A", None, at("2025-04-02")), ("L2", "A", "L1", at("2025-04-09"))),
        "metrics__deals": rows(
            "deal_id account_id lead_id status deal_type deal_amount opportunity_at closed_at",
            ("D1", "A", "L2", "won", "new", money("100.01"), at("2025-04-06"), at("2025-04-09")),
            ("D2", "B", None, "open", None, None, at("2025-04-06"), None),
            ("D3", None, None, "won", "new", money("5"), at("2025-04-06"), at("2025-04-09")),
        ),
    }  # fmt: skip
    return company(**(tables | more))


def test_whose_a_touch_is_and_by_which_channel():
    found = account_touches(small()).set_index("touch_id")
    said = {key: (row.account_id, row.person_id, row.identified_by) for key, row in found.iterrows()}
    assert said == {
        "t1": ("A", "L1", "lead"), "t2": ("A", "L1", "e-mail"), "t3": ("A", None, "visitor"),
        "t4": ("A", "L1", "contact"), "t5": ("A", "L1", "lead"), "t6": ("A", "L1", "lead"),
        "t7": (None, None, None), "t8": ("A", None, "visitor"),
    }  # fmt: skip
    assert list(found.channel) == ["Search", "Bing", "unmapped", "Phone", "Search", "unmapped", "unmapped", "unmapped"]
    assert [key for key, eligible in found.is_eligible.items() if eligible] == ["t1", "t2", "t4", "t6", "t8"]


def test_credit_of_a_small_company():
    built = small()
    found = attribution.touch_credit(built, account_touches(built))
    assert set(found.deal_id) == {"D1", "D2"}  # D3 has no account
    of_d1 = found[found.deal_id == "D1"].groupby(["milestone", "model"])
    shares = {key: dict(zip(part.touch_id, part.credit_amount)) for key, part in of_d1}
    # the opportunity's path: t1, t2, t4; the person's lead is of 2 April: first t1, lead t2
    assert shares["opportunity", "first"] == {"t1": money("100.01")}
    assert shares["opportunity", "u_shaped"] == {"t1": money("40.01"), "t2": money("40.00"), "t4": money("20.00")}
    assert shares["won", "linear"] == {key: money(cell) for key, cell in (("t1", "25.01"), ("t2", "25.00"),
                                                                         ("t4", "25.00"), ("t6", "25.00"))}  # fmt: skip
    of_d2 = found[found.deal_id == "D2"]
    assert len(of_d2) == 8 and set(of_d2.channel) == {"no marketing touch"} and set(of_d2.credit_amount) == {None}
