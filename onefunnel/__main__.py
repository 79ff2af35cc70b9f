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
    pages = verbs.add_parser("serve", help="serve the home's pages on this machine, read-only")
    pages.add_argument("--home", type=Path, help="the home whose pages are served (default: ONEFUNNEL_HOME or ./data)")
    pages.add_argument("--port", type=int, default=8081, help="the port (default: 8081)")
    pages.add_argument("--bind", default="127.0.0.1", help="the address (default: loopback)")
    pages.add_argument("--hosts", default="", help="further names by which the pages may be asked for, comma-separated")
    pages.add_argument("--wait", action="store_true", help="serve before anything has been published, too")
    told = parser.parse_args(arguments)
    try:
        if told.verb == "serve":
            from onefunnel.serve import serve

            return serve(told.home, told.port, told.bind, told.hosts, told.wait)
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
