"""Compares the project's program with a flat one that declares the same, and how both grow.

Every preview runs on the real engine in a process of its own; the two programs take turns, so that what else
the machine does hits both.
"""

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from projects import TARGETS, project
from rich.table import Table

from tools import show
from tools.console import out

ROUNDS = 7
GROWTH = (1, 10, 50)
GROWTH_ROUNDS = 3
GROWTH_TARGET = "aws"
HEADINGS = ("ours, s", "flat, s", "ratio", "ours, cpu s", "flat, cpu s", "ratio")


def measured(directory: Path) -> tuple[float, float]:
    """Seconds on the clock, and of processor time."""
    once = Path(__file__).with_name("once.py")
    said = subprocess.run([sys.executable, once, directory], check=True, capture_output=True, text=True)
    clock, processor = map(float, said.stdout.split())
    return clock, processor


def compared(directory: Path, target: str, count: int, rounds: int) -> list[str]:
    """For clock and processor: the median seconds of ours and of the flat program, and their ratio."""
    ours = project(directory / f"ours-{target}-{count}", "ours", target, count)
    flat = project(directory / f"flat-{target}-{count}", "flat", target, count)
    taken: dict[Path, list[tuple[float, float]]] = {ours: [], flat: []}
    for turn in range(rounds):
        for path in (ours, flat) if turn % 2 else (flat, ours):
            taken[path].append(measured(path))
    cells: list[str] = []
    for kind in range(2):
        mine, theirs = (statistics.median(run[kind] for run in taken[path]) for path in (ours, flat))
        cells += [f"{mine:.2f}", f"{theirs:.2f}", f"{mine / theirs:.2f}"]
    return cells


def main() -> None:
    table = Table(title="Preview of prod on the real engine, offline", title_justify="left")
    table.add_column("target")
    for heading in ("workloads", *HEADINGS):
        table.add_column(heading, justify="right")
    cases = [(target, 1, ROUNDS) for target in TARGETS]
    cases += [(GROWTH_TARGET, count, GROWTH_ROUNDS) for count in GROWTH]
    with tempfile.TemporaryDirectory() as directory:
        for number, (target, count, rounds) in enumerate(cases):
            cells = compared(Path(directory) / str(number), target, count, rounds)
            table.add_row(target, str(count), *cells)
            out.print(f"{target} with {show.counted(count, 'workload')}: {cells[2]} (processor {cells[5]})")
    out.print(table)


if __name__ == "__main__":
    main()
