"""The one shape of every value the program takes: frozen, closed, camelCase outside. Knows no platform."""

from collections.abc import Iterator
from typing import get_args, get_origin

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo


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


def yaml_key(field: FieldInfo) -> str:
    """How a stack file writes the field: `memoryMib`, `gcp:project`."""
    return str(field.validation_alias or field.alias)


def model_in(annotation: object) -> tuple[type[Model] | None, bool]:
    """The model inside `Model`, `Model | None` or `dict[str, Model]`, and whether a name leads to it."""
    candidates = (annotation, *get_args(annotation))
    models = [part for part in candidates if isinstance(part, type) and issubclass(part, Model)]
    return (models[0] if models else None), get_origin(annotation) is dict
