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
    told = parser.parse_args(arguments)
    from onefunnel.run import run_dag

    try:
        return run_dag(told.sources, told.agreement, told.home, told.as_of)
    except Stop as stop:
        print(f"\n✗ {stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n✗ interrupted: what is published is whole, from this run or from the one before", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
