"""Every committed stack on every platform, each synthesised once a run. Knows no platform."""

from functools import cache

from tests.synth import Synthesis, synthesise_stack


@cache
def landed(stack: str, target: str) -> Synthesis:
    """A committed stack on a platform, its own or another. Look, but do not touch: it is shared."""
    return synthesise_stack(stack, target=target)
