"""How a workload stands on its platform. Knows no platform."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

State: TypeAlias = Literal["serving", "rolling", "rolled back", "stuck", "other image", "gone"]
Json: TypeAlias = Mapping[str, Any]
"""An object of a platform's API, as its reference has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What was found out about one workload."""

    state: State
    """`serving`: every request meets the image that was asked for. `rolling`: on the way there."""
    images: tuple[str, ...]
    """What answers at this moment; empty: nothing."""
    evidence: str
    """Where that was read."""

    def __str__(self) -> str:
        answers = " and ".join(self.images) or "nothing"
        return f"{self.state}: {answers} answers ({self.evidence})"


def same_image(asked: str, found: str) -> bool:
    """Whether one runs where the other was asked for: by digest where one is asked for, else by name."""
    name, _, digest = asked.partition("@")
    other_name, _, other_digest = found.partition("@")
    if digest:
        return digest == other_digest
    return name == other_name


def distinct(images: Iterable[str]) -> tuple[str, ...]:
    """Each once, in order."""
    return tuple(dict.fromkeys(images))
