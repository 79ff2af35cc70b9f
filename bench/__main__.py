"""What the models cost at one size of company, beside one scan of its touches and what a user would otherwise take.

`python -m bench 100k` (or 1M, 3M; any number of leads) prints CPU seconds, peak memory and ratios as a table. Nothing
is asserted. The data is drawn when the folder has none of that size.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import venv
from pathlib import Path

from bench.generate import TOUCHES_PER_LEAD
from bench.measure import Cost, in_a_process
from bench.others import LIBRARY
from onefunnel.home import CHECKOUT

UNITS = {"k": 10**3, "M": 10**6}
# a company so small that all its cost is dbt's own and that of grids, such as metric x period x dimension
FEW = 1_000
TOTALS = {
    "attribution": ["attribution", "channel performance"],
    "all marts": ["records", "attribution", "funnel and metrics", "channel performance"],
}


def leads_of(scale: str) -> int:
    return int(float(scale[:-1]) * UNITS[scale[-1]]) if scale[-1] in UNITS else int(scale)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("scale", nargs="?", default="100k", help="leads: 100k, 1M, 3M")
    parser.add_argument("--folder", type=Path, default=CHECKOUT / "data" / "bench")
    parser.add_argument("--no-others", action="store_true", help="leave out pandas and the library")
    parser.add_argument("--memory", default="1GB", help="what DuckDB may take before it spills")
    given = parser.parse_args()
    os.environ["ONEFUNNEL_MEMORY"] = given.memory
    leads = leads_of(given.scale)
    print(f"{leads:,} leads, {leads * TOUCHES_PER_LEAD:,} touches; {_machine()}; DuckDB in {given.memory}", flush=True)
    root = _drawn(given.folder.resolve(), leads)
    measured(root)
    if not given.no_others:
        others(root, given.folder.resolve() / "venv")
    print(NOTES)
    return 0


NOTES = """
scan: one scan of the touches and one hash aggregate (count, first and last per lead and kind), a process of its own.
Each step is a process of its own with dbt in it, counted from its first model to its last; memory is the whole
process's, Python and dbt (about 270 MB) with it. Not counted: extraction, staging's casts, the choice of versions as of
the instant and core (the data is drawn as core's tables), the matching of accounts, dbt's start and reading of the
project, dbt's tests, the gate, publication.
"""


def measured(root: Path) -> None:
    """The table of the models."""
    fixed = _steps(_drawn(root.parent, FEW))
    scan = in_a_process("scan", str(root))
    print(f"\n{'':42}{'CPU s':>8}{'x scan':>8}{'peak MB':>9}")
    _row("one scan + hash aggregate", scan, scan)
    steps = _steps(root, lambda name, cost: _row(name, cost, scan))
    for name, parts in TOTALS.items():
        _row(name.upper(), _sum(steps, parts), scan)
        _row(f"  of it what {FEW:,} leads cost, too", _sum(fixed, parts), scan)


def _steps(root: Path, told=lambda name, cost: cost) -> dict[str, Cost]:
    return {name: told(name, in_a_process("build", str(root), name)) for name in TOTALS["all marts"]}


def _sum(steps: dict[str, Cost], parts: list[str]) -> Cost:
    first, *more = (steps[name] for name in parts)
    return sum(more, start=first)


def _drawn(folder: Path, leads: int) -> Path:
    """The folder of a company of that size, drawn when it is not there yet."""
    root = folder / str(leads)
    if not (root / "drawn").exists():
        cost = in_a_process("generate", str(root), str(leads))
        print(f"drew {leads:,} leads in {cost.cpu_seconds:.0f} CPU s, {cost.peak_mb:.0f} MB", flush=True)
        (root / "drawn").touch()
    return root


def others(root: Path, folder: Path) -> None:
    """From ordered paths to credit: ours, pandas, the library."""
    touches = in_a_process("journeys", str(root)).says["touches"]
    print(f"\nfrom the paths on, {touches:,} touches of journeys{'':9}{'x ours':>8}{'peak MB':>9}")
    ours = in_a_process("build", str(root), "from the paths on")
    _row("onefunnel: 8 models, to the touch and paisa", ours, ours)
    _row("plain pandas: 6 models, per channel", in_a_process("pandas", str(root)), ours)
    try:
        python = _installed(folder)
        _row(f"{LIBRARY.split('=')[0]}: 6, per channel", in_a_process("library", str(root), python=python), ours)
    except (RuntimeError, OSError, subprocess.CalledProcessError) as why:
        print(f"{LIBRARY} cannot be run here: {str(why).strip().splitlines()[-1][:200]}")


def _installed(folder: Path) -> str:
    """The Python of an environment that holds the library and nothing of ours."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    subprocess.run([str(python), "-m", "pip", "install", "-q", LIBRARY], check=True, capture_output=True, text=True)
    return str(python)


def _row(name: str, cost: Cost, against: Cost | None = None) -> Cost:
    ratio = f"{cost.cpu_seconds / against.cpu_seconds:8.1f}" if against else f"{'':8}"
    print(f"{name:42}{cost.cpu_seconds:8.1f}{ratio}{cost.peak_mb:9.0f}", flush=True)
    return cost


def _machine() -> str:
    model = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    processor = model[0].split(":")[1].strip() if model else platform.processor()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return f"{os.cpu_count()} cores ({processor}), {memory:.0f} GB, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main())
