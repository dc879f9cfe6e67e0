"""The one shape of every value the program takes: frozen, closed, camelCase outside. Knows no platform."""

import ast
import inspect
import itertools
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, core_schema


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


@dataclass(frozen=True, slots=True)
class Matching:
    """Text of one pattern; what does not match is answered with what it must be."""

    pattern: str
    words: str
    """As in `a path such as /health`."""

    def check(self, text: str) -> str:
        """The text, if the whole of it matches."""
        if not re.fullmatch(self.pattern, text):
            raise ValueError(f"must be {self.words}, not {text!r}")
        return text

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), "pattern": f"^{self.pattern}$"}


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
