"""What the forecast of one company takes: python -m bench.forecast [deals a quarter ...]; 330 are some 10,000 in all.

Deals are drawn as in the trial, 24 quarters of them; prints seconds of this process for one forecast, for the
backtest of every week of every quarter, for its scores, and the peak memory. Nothing is asserted.
"""

from __future__ import annotations

import resource
import sys
import time

from onefunnel.forecast import History, Quarters, backtest, forecast, instant
from onefunnel.forecast.scores import record
from tests.forecast.companies import QUARTERS, START, company


def main(*deals: float) -> None:
    for size in deals or (100, 330):
        states, quarters, since = company(1, "steady", deals=size), Quarters(), instant(START)
        end = quarters.start(quarters.holding(since) + QUARTERS) - 2
        print(f"{states['deal_id'].nunique():,} deals, {len(states):,} states")
        history = History(states, since)
        _timed("one forecast", lambda: forecast(history, quarters, end))  # noqa: B023
        rows = _timed("backtest", lambda: backtest(history, quarters, end))  # noqa: B023
        _timed("its record", lambda: record(rows))  # noqa: B023
        print(f"  {len(rows):,} rows; peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


def _timed(name: str, made):
    cpu, began = time.process_time(), time.monotonic()
    found = made()
    print(
        f"  {name:14} {time.process_time() - cpu:6.2f} CPU seconds {time.monotonic() - began:6.2f} seconds", flush=True
    )
    return found


if __name__ == "__main__":
    main(*(float(given) for given in sys.argv[1:]))
