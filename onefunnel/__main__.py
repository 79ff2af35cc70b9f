"""python -m onefunnel VERB: what the Makefile's verbs call."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from onefunnel.errors import Stop


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 done, 1 stopped with a line that says why, 130 interrupted."""
    parser = argparse.ArgumentParser(prog="onefunnel", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    run = verbs.add_parser("run", help="run the Airflow DAG end to end and say what was published")
    run.add_argument("--sources", type=Path, help="sources.yml (default: the sample company)")
    run.add_argument("--agreement", type=Path, help="the agreement's folder (default: agreement/)")
    run.add_argument("--home", type=Path, help="where everything is kept (default: ONEFUNNEL_HOME or ./data)")
    run.add_argument("--as-of", help="judge as of this instant, such as 2026-03-31T00:00:00Z")
    tried = verbs.add_parser("what-if", help="judge history by the agreement's unsigned drafts; publishes nothing")
    tried.add_argument("--sources", type=Path, help="sources.yml (default: that of the home's newest run)")
    tried.add_argument("--agreement", type=Path, help="the folder with the drafts (default: agreement/)")
    tried.add_argument("--home", type=Path, help="the home whose lake is judged (default: ONEFUNNEL_HOME or ./data)")
    tried.add_argument("--as-of", help="judge as of this instant (default: that of the home's newest run)")
    past = verbs.add_parser("backtest", help="how each forecast would have done on a home's deals; publishes nothing")
    past.add_argument("--sources", type=Path, help="sources.yml (default: that of the home's newest run)")
    past.add_argument("--agreement", type=Path, help="the agreement's folder (default: that of the home's newest run)")
    past.add_argument("--home", type=Path, help="the home whose lake is read (default: ONEFUNNEL_HOME or ./data)")
    past.add_argument("--as-of", help="as of this instant (default: that of the home's newest run)")
    pages = verbs.add_parser("review", help="write the weekly review and all other pages of what is published")
    pages.add_argument("--home", type=Path, help="the home whose pages are written (default: ONEFUNNEL_HOME or ./data)")
    told = parser.parse_args(arguments)
    try:
        if told.verb == "review":
            from onefunnel.review import review

            return review(told.home)
        return _verb(told.verb)(told.sources, told.agreement, told.home, told.as_of)
    except Stop as stop:
        print(f"\n✗ {stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n✗ interrupted: what is published is whole, from this run or from the one before", file=sys.stderr)
        return 130


def _verb(name: str):
    if name == "what-if":
        from onefunnel.what_if import what_if

        return what_if
    if name == "backtest":
        from onefunnel.backtest import backtest

        return backtest
    from onefunnel.run import run_dag

    return run_dag


if __name__ == "__main__":
    sys.exit(main())
