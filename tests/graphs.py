"""Writes what every committed stack declares on every platform; `make graphs` runs it.

A file in tests/graphs holds `type name ← parent` for each resource: a reviewer sees what a change adds or
removes.
"""

from pathlib import Path
from typing import get_args

from stacks.settings import Target
from tests.synth import ROOT, synthesise_stack

GRAPHS = Path(__file__).parent / "graphs"


def stacks() -> list[str]:
    """The committed stack files, by name."""
    return sorted(path.name.split(".")[1] for path in ROOT.glob("Pulumi.*.yaml"))


def combinations() -> list[tuple[str, str]]:
    """Every committed stack with every platform."""
    return [(stack, target) for stack in stacks() for target in get_args(Target)]


def graph_file(stack: str, target: str) -> Path:
    """Where the graph of a stack on a platform is kept."""
    return GRAPHS / f"{stack}-{target}.txt"


if __name__ == "__main__":
    GRAPHS.mkdir(exist_ok=True)
    for each_stack, each_target in combinations():
        graph_file(each_stack, each_target).write_text(
            synthesise_stack(each_stack, target=each_target).graph(), encoding="utf-8"
        )
