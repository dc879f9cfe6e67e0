"""The one shape of every value the program takes: frozen, closed, camelCase outside. Knows no platform."""

import ast
import inspect
import itertools
import textwrap
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


def descriptions(model: type[Model]) -> dict[str, str]:
    """What the docstring below each field says, by the field's name in Python.

    Read from the source when asked: pydantic would read it at every import, a third of the time it takes.
    """
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    assert isinstance(definition, ast.ClassDef)  # noqa: S101 (a class has the source of one)
    said: dict[str, str] = {}
    for field, below in itertools.pairwise(definition.body):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                said[name] = inspect.cleandoc(text)
            case _:
                pass
    return said
