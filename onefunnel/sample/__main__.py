"""python -m onefunnel.sample OUT [--seed N] [--scale X] [--no-stories]"""

from __future__ import annotations

import argparse
from pathlib import Path

from onefunnel.sample import generate


def main() -> None:
    """Writes the exports and prints the rows of each file."""
    parser = argparse.ArgumentParser(prog="onefunnel.sample", description="Write the sample company's exports.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--no-stories", action="store_true")
    given = parser.parse_args()
    truth = generate(given.out, given.seed, given.scale, stories=not given.no_stories)
    for file, rows in truth.sizes.items():
        print(f"{file:32}{rows:>9,}")


if __name__ == "__main__":
    main()
