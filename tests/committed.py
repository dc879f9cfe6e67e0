"""Every committed stack on every platform, each synthesised once a run. Knows no platform."""

from functools import cache
from typing import get_args

from stacks.stack_file import Target
from tests.synth import ROOT, Synthesis, synthesise_stack

STACKS = sorted(path.name.split(".")[1] for path in ROOT.glob("Pulumi.*.yaml"))
TARGETS: tuple[Target, ...] = get_args(Target)
LANDINGS = [(stack, target) for stack in STACKS for target in TARGETS]


@cache
def landed(stack: str, target: str) -> Synthesis:
    """A committed stack on a platform, its own or another. Look, but do not touch: it is shared."""
    return synthesise_stack(stack, target=target)
