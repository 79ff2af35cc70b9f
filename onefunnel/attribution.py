"""Removal effects of channels: which part of the conversions would be lost without each, by an absorbing Markov chain.

Each path is a walk: start, its channels in order, conversion or null. With Q the chances of going from one channel to
another, N = (I - Q)^-1 holds how often each is visited. A walk that comes through channel i converts with chance b_i;
without i the part N[start, i] / N[i, i] * b_i / p of all conversions is lost, p = b_start being the chance to convert.
The chances are quotients of counts, so everything is solved in whole numbers: the same units on every machine.
"""

from __future__ import annotations

START, CONVERSION, NULL = "(start)", "(conversion)", "(null)"
UNIT = 10**9

# (from_state, to_state) -> how often
Transitions = dict[tuple[str, str], int]


def write_markov(con) -> None:
    """attribution.markov_removal holds milestone, channel and removal_units (1e-9), from int_channel_transitions."""
    con.execute("create schema if not exists attribution")
    con.execute(
        "create or replace table attribution.markov_removal (milestone varchar, channel varchar, removal_units bigint)"
    )
    counted: dict[str, Transitions] = {}
    for milestone, *states, times in con.execute(
        "select milestone, from_state, to_state, transitions from funnel.int_channel_transitions order by 1, 2, 3"
    ).fetchall():
        counted.setdefault(milestone, {})[tuple(states)] = times
    rows = [
        (milestone, channel, units)
        for milestone, transitions in counted.items()
        for channel, units in removal_effects(transitions).items()
    ]
    if rows:
        con.executemany("insert into attribution.markov_removal values (?, ?, ?)", rows)


def removal_effects(transitions: Transitions) -> dict[str, int]:
    """Channel -> floor(1e9 * the part of the conversions that is lost without it).

    Channels that no walk reaches, or from which none converts, have 0; nothing converts at all: no channel has a row.
    """
    states = _on_the_way(transitions)
    if not states:
        return {}
    visits, converted = _solved(transitions, states)
    effects = dict.fromkeys(sorted(_states(transitions)), 0)
    for i, state in enumerate(states[1:], start=1):
        effects[state] = UNIT * visits[0][i] * converted[i] // (visits[i][i] * converted[0])
    return effects


def _states(transitions: Transitions) -> set[str]:
    return {state for pair in transitions for state in pair} - {START, CONVERSION, NULL}


def _on_the_way(transitions: Transitions) -> list[str]:
    """START and the channels between it and a conversion; empty when nothing converts.

    Whatever else there is can only lose a walk, so it is left out, and with it every loop without an end: from each
    state that stays a walk can end, hence I - Q has an inverse.
    """
    pairs = [pair for pair, times in transitions.items() if times > 0]
    reached = _reachable(START, pairs) & _reachable(CONVERSION, [(to, start) for start, to in pairs])
    return [START, *sorted(reached - {START, CONVERSION})] if START in reached else []


def _reachable(origin: str, pairs: list[tuple[str, str]]) -> set[str]:
    found, waiting = {origin}, [origin]
    while waiting:
        state = waiting.pop()
        fresh = {to for start, to in pairs if start == state} - found
        found |= fresh
        waiting += fresh
    return found


def _solved(transitions: Transitions, states: list[str]) -> tuple[list[list[int]], list[int]]:
    """(visits, converted), both up to factors that the effects do not see.

    I - Q with each row multiplied by its state's total is a whole matrix M. Bareiss' elimination turns [M | 1] into
    [det M | adj M] without a fraction. M is an M-matrix: its leading minors are positive, no pivot is ever zero.
    """
    size = len(states)
    leaving = {state: sum(times for (start, _), times in transitions.items() if start == state) for state in states}
    rows = [
        [(leaving[a] if a == b else 0) - transitions.get((a, b), 0) for b in states] + [int(a == b) for b in states]
        for a in states
    ]
    before = 1
    for k in range(size):
        pivot = rows[k]
        for i in range(size):
            if i != k:
                rows[i] = [(pivot[k] * x - rows[i][k] * y) // before for x, y in zip(rows[i], pivot)]
        before = pivot[k]
    visits = [row[size:] for row in rows]
    converting = [transitions.get((state, CONVERSION), 0) for state in states]
    converted = [sum(x * y for x, y in zip(row, converting)) for row in visits]
    return visits, converted
