"""The one shape of every value the program takes: frozen, closed, camelCase outside. Knows no platform."""

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Model(BaseModel):
    """A value read from a stack file: `memoryMib` there, `memory_mib` here, unknown keys refused."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        coerce_numbers_to_str=True,
        extra="forbid",
        frozen=True,
        populate_by_name=True,
        use_attribute_docstrings=True,
    )

    def contradictions(self) -> Iterator[str]:
        """What its fields say against each other, a line each."""
        yield from ()
