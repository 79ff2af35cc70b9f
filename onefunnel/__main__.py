"""python -m onefunnel VERB: what the Makefile's verbs call."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from onefunnel.errors import Stop

NEWEST = "that of the home's newest run"


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 done, 1 stopped with a line that says why, 130 interrupted."""
    told = _parser().parse_args(arguments)
    try:
        return told.call(told)
    except Stop as stop:
        print(f"\n✗ {stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n✗ interrupted: what is published is whole, from this run or from the one before", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="onefunnel", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    run = verbs.add_parser("run", help="run the Airflow DAG end to end and say what was published")
    _inputs(run, "the sample company", "agreement/", "now, or what sources.yml pins")
    run.set_defaults(call=_run)
    tried = verbs.add_parser("what-if", help="judge history by the agreement's unsigned drafts; publishes nothing")
    _inputs(tried, NEWEST, "agreement/", NEWEST)
    tried.set_defaults(call=_what_if)
    past = verbs.add_parser("backtest", help="how each forecast would have done on a home's deals; publishes nothing")
    _inputs(past, NEWEST, NEWEST, NEWEST)
    past.set_defaults(call=_backtest)
    pages = verbs.add_parser("review", help="write the weekly review and all other pages of what is published")
    _home(pages)
    pages.set_defaults(call=_review)
    served = verbs.add_parser("serve", help="serve the home's pages on this machine, read-only")
    _home(served)
    served.add_argument("--port", type=int, default=8081, help="the port (default: 8081)")
    served.add_argument("--bind", default="127.0.0.1", help="the address (default: loopback)")
    served.add_argument(
        "--hosts", default="", help="further names by which the pages may be asked for, comma-separated"
    )
    served.add_argument("--wait", action="store_true", help="serve before anything has been published, too")
    served.set_defaults(call=_serve)
    return parser


def _inputs(verb: argparse.ArgumentParser, sources: str, agreement: str, as_of: str) -> None:
    verb.add_argument("--sources", type=Path, help=f"sources.yml (default: {sources})")
    verb.add_argument("--agreement", type=Path, help=f"the agreement's folder (default: {agreement})")
    _home(verb)
    verb.add_argument("--as-of", help=f"as of this instant, such as 2026-03-31T00:00:00Z (default: {as_of})")


def _home(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--home", type=Path, help="where everything is kept (default: ONEFUNNEL_HOME or ./data)")


def _run(told) -> int:
    from onefunnel.run import run_dag

    return run_dag(told.sources, told.agreement, told.home, told.as_of)


def _what_if(told) -> int:
    from onefunnel.what_if import what_if

    return what_if(told.sources, told.agreement, told.home, told.as_of)


def _backtest(told) -> int:
    from onefunnel.backtest import backtest

    return backtest(told.sources, told.agreement, told.home, told.as_of)


def _review(told) -> int:
    from onefunnel.review import review

    return review(told.home)


def _serve(told) -> int:
    from onefunnel.serve import serve

    return serve(told.home, told.port, told.bind, told.hosts, told.wait)


if __name__ == "__main__":
    sys.exit(main())
