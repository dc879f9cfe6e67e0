"""Compares the project's program with a flat one that declares the same, and how both grow.

Every preview runs on the real engine in a process of its own; the two programs take turns, so that what else
the machine does hits both.
"""

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from projects import project
from rich.table import Table

from tools.console import out
from tools.targets import supported_targets

ROUNDS = 7
GROWTH = (1, 10, 50)
GROWTH_ROUNDS = 3
GROWTH_TARGET = "aws"


def seconds(directory: Path) -> float:
    once = Path(__file__).with_name("once.py")
    said = subprocess.run([sys.executable, once, directory], check=True, capture_output=True, text=True)
    return float(said.stdout)


def compared(directory: Path, target: str, count: int, rounds: int) -> tuple[float, float]:
    """The median seconds of ours and of the flat program."""
    ours = project(directory / f"ours-{target}-{count}", "ours", target, count)
    flat = project(directory / f"flat-{target}-{count}", "flat", target, count)
    taken: dict[Path, list[float]] = {ours: [], flat: []}
    for turn in range(rounds):
        for path in (ours, flat) if turn % 2 else (flat, ours):
            taken[path].append(seconds(path))
    return statistics.median(taken[ours]), statistics.median(taken[flat])


def main() -> None:
    table = Table(title="Preview of prod on the real engine, offline", title_justify="left")
    table.add_column("target")
    for heading in ("workloads", "ours, s", "flat, s", "ratio"):
        table.add_column(heading, justify="right")
    cases = [(target, 1, ROUNDS) for target in supported_targets()]
    cases += [(GROWTH_TARGET, count, GROWTH_ROUNDS) for count in GROWTH]
    with tempfile.TemporaryDirectory() as directory:
        for number, (target, count, rounds) in enumerate(cases):
            ours, flat = compared(Path(directory) / str(number), target, count, rounds)
            cells = (f"{ours:.2f}", f"{flat:.2f}", f"{ours / flat:.2f}")
            table.add_row(target, str(count), *cells)
            out.print(f"{target}, {count} workloads: {' / '.join(cells[:2])} = {cells[2]}", markup=False)
    out.print(table)


if __name__ == "__main__":
    main()
