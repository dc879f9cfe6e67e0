"""What a stack declares on a platform, found by type and name. Knows no platform, and not who recorded it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

Body: TypeAlias = dict[str, Any]


class Declared(Protocol):
    """One resource, as the engine was told of it."""

    @property
    def type(self) -> str:
        """As in `aws:ecs/service:Service`."""
        ...

    @property
    def name(self) -> str:
        """Its logical name."""
        ...

    @property
    def parent(self) -> str:
        """Type and name of the component that it belongs to; empty right below the stack."""
        ...

    @property
    def inputs(self) -> Body:
        """What was asked for; a secret is a mapping with `secret` for its only key."""
        ...


@dataclass(frozen=True, slots=True)
class Graph:
    """Everything that one stack declares on one platform."""

    resources: Sequence[Declared]

    def of_type(self, end: str) -> list[Declared]:
        """All whose type ends so, in the order of their names."""
        found = [each for each in self.resources if each.type.endswith(end)]
        return sorted(found, key=lambda each: each.name)

    def names(self, end: str) -> list[str]:
        """The names of those."""
        return [each.name for each in self.of_type(end)]

    def get(self, end: str, name: str) -> Body | None:
        """The inputs of the one whose type ends so and that has this name, if there is one."""
        return next((each.inputs for each in self.of_type(end) if each.name == name), None)

    def the(self, end: str, name: str) -> Body:
        """The inputs of the one that must be there."""
        found = self.get(end, name)
        if found is None:
            raise LookupError(f"nothing is declared as {end} {name}")
        return found
