"""Turns what pydantic refuses into lines for the operator: where, what is wrong, what is right. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeAlias, TypeVar, cast, get_origin

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from infra.model import Model, descriptions, model_in, yaml_key

Path: TypeAlias = tuple[str | int, ...]
SomeModel = TypeVar("SomeModel", bound=Model)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to correct, and the key path at which it stands."""

    path: Path
    text: str
    source: str = ""
    """Where a provider says so, for what one platform alone refuses."""

    def __str__(self) -> str:
        """`airfield:workloads.api.calls[0]: text`."""
        return f"{key_path(self.path)}: {self.text}"


def key_path(path: Path) -> str:
    """As an operator finds it in a stack file; the ecosystem's keys (`gcp:project`) stand as they are."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    dotted = "".join(parts).removeprefix(".")
    return dotted if ":" in dotted else f"airfield:{dotted}"


def field_mistakes(error: ValidationError, model: type[Model]) -> list[Mistake]:
    """One mistake for each thing that `model` refused."""
    return [Mistake(_path(details), _words(details, model)) for details in error.errors()]


def readable_part(model: type[SomeModel], raw: Mapping[str, Any]) -> SomeModel:
    """What can be read of a faulty value, so that other checks are made of it all the same.

    What cannot be read has its default; without one it is empty, or None.
    """
    readable: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        if field.is_required():
            readable[name] = {} if get_origin(field.annotation) is dict else None
        with suppress(KeyError, TypeError, ValidationError):
            readable[name] = _readable_value(field.annotation, raw[yaml_key(field)])
    return model.model_construct(**readable)


def contradictions(model: Model, path: Path = ()) -> Iterator[Mistake]:
    """What the fields of `model`, and of every model in it, say against each other."""
    for text in model.contradictions():
        yield Mistake(path, text)
    for name, value in model:
        key = yaml_key(type(model).model_fields[name])
        if isinstance(value, Model):
            yield from contradictions(value, (*path, key))
        elif isinstance(value, dict):
            for inner_name, inner in cast("dict[str, object]", value).items():
                if isinstance(inner, Model):
                    yield from contradictions(inner, (*path, key, inner_name))


def nearest(wrong: str, known: Iterable[str]) -> str:
    """A hint at the known word that is nearest to the wrong one; empty when none is near."""
    near = get_close_matches(wrong, sorted(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _readable_value(annotation: Any, given: object) -> object:  # noqa: ANN401
    try:
        return TypeAdapter[object](annotation).validate_python(given, by_alias=True, by_name=False)
    except ValidationError:
        inner, named = model_in(annotation)
        if inner is None or not isinstance(given, dict):
            raise
        parts = cast("dict[str, Any]", given)
        if not named:
            return readable_part(inner, parts)
        return {name: readable_part(inner, cast("dict[str, Any]", part)) for name, part in parts.items()}


def _path(details: ErrorDetails) -> Path:
    return tuple(part for part in details["loc"] if part != "[key]")


def _words(details: ErrorDetails, model: type[Model]) -> str:
    context, given, kind = details.get("ctx", {}), details["input"], details["type"]
    *parents, key = _path(details)
    match kind:
        case "missing":
            words = f"missing: {_described(model, parents)[str(key)]}"
        case "extra_forbidden":
            known = _fields(model, parents)
            words = "unknown key" + (nearest(str(key), known) or f"; known: {', '.join(sorted(known))}")
        case "value_error":
            words = str(context["error"])
        case "greater_than_equal" | "less_than_equal" | "greater_than" | "less_than":
            bound = kind.replace("_equal", "_or_equal_to").replace("_", " ")
            words = f"must be {bound} {next(iter(context.values()))}, not {given}"
        case "literal_error":
            allowed = str(context["expected"]).replace("'", "")
            hint = nearest(str(given), allowed.replace(" or ", ", ").split(", "))
            words = f"must be {allowed}, not {given!r}{hint}"
        case "string_too_long":
            words = f"must be at most {context['max_length']} characters long, not {len(str(given))}"
        case _:
            expected = EXPECTED.get(kind)
            plain = f"{details['msg'][:1].lower()}{details['msg'][1:]}"
            words = f"must be {expected}, not {given!r}" if expected else plain
    return words


EXPECTED = {
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "dict_type": "a mapping of keys to values",
    "float_parsing": "a number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "model_attributes_type": "a mapping of keys to values",
    "model_type": "a mapping of keys to values",
    "string_type": "text, quoted",
    "tuple_type": "a list",
}
"""What pydantic's error types ask for.

https://docs.pydantic.dev/latest/errors/validation_errors/
"""


def _fields(model: type[Model], path: Sequence[str | int]) -> dict[str, FieldInfo]:
    """The fields, by their key in YAML, of the model found along `path`."""
    found = _model_at(model, path)
    return _by_key(found) if found else {}


def _described(model: type[Model], path: Sequence[str | int]) -> dict[str, str]:
    """What each of these fields says of itself, by its key in YAML."""
    found = _model_at(model, path)
    if found is None:
        return {}
    return {yaml_key(found.model_fields[name]): text for name, text in descriptions(found).items()}


def _model_at(model: type[Model], path: Sequence[str | int]) -> type[Model] | None:
    found: type[Model] | None = model
    is_name = False
    for part in path:
        if is_name or found is None:
            is_name = False
        else:
            found, is_name = model_in(_by_key(found)[str(part)].annotation)
    return found


def _by_key(model: type[Model]) -> dict[str, FieldInfo]:
    return {yaml_key(field): field for field in model.model_fields.values()}
