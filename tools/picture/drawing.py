"""What a picture of a stack shows: boxes, and arrows that carry requests or secrets. Knows no format."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

Role = Literal["outside", "front", "workload", "store", "secrets", "beside"]
Mark = Literal["added", "changed", "removed", "replaced"]
Carried = Literal["request", "secret"]
OPERATIONS: Mapping[str, Mark] = {
    "delete": "removed",
    "create": "added",
    "update": "changed",
    "replace": "replaced",
}
"""What the engine does to a resource, the gravest last."""
SIGNS: Mapping[Mark, str] = {"added": "+", "changed": "~", "removed": "-", "replaced": "±"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A component, or what stands for several."""

    key: str
    title: str
    kind: str = ""
    role: Role
    notes: tuple[str, ...] = ()
    holds: frozenset[str] = frozenset()
    """Type and name of each resource in it, as `aws:ecs/service:Service api`."""
    mark: Mark | None = None

    @property
    def below_title(self) -> str:
        """What it is, and of how many resources."""
        count = len(self.holds)
        size = f"{count} resource{'s' if count != 1 else ''}" if count else ""
        return " · ".join(filter(None, (self.kind, size)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """From one box to another, by their keys."""

    source: str
    target: str
    carries: Carried


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """One stack on one platform."""

    title: str
    boxes: Sequence[Box]
    """What requests and secrets pass."""
    arrows: Sequence[Arrow]
    beside: Sequence[Box]
    """What they do not pass: ground, and who watches."""


def marked(drawing: Drawing, operations: Mapping[str, str]) -> Drawing:
    """The drawing with what happens to each box, by type and name of resources and the engine's word for it.

    A box to which several things happen is changed, unless data may go with it: then it is replaced.
    """
    return replace(
        drawing,
        boxes=[replace(box, mark=_mark(box, operations)) for box in drawing.boxes],
        beside=[replace(box, mark=_mark(box, operations)) for box in drawing.beside],
    )


def _mark(box: Box, operations: Mapping[str, str]) -> Mark | None:
    found: set[Mark] = {
        OPERATIONS[operations[each]] for each in box.holds if operations.get(each) in OPERATIONS
    }
    if "replaced" in found:
        return "replaced"
    whole = all(each in operations for each in box.holds)
    if len(found) > 1 or (found and not whole):
        return "changed"
    return next(iter(found), None)
