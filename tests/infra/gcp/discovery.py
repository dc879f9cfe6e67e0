"""Holds what is declared against Google's own descriptions of its APIs. Knows no stack."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, cast

Schemas = Mapping[str, Mapping[str, Any]]
TYPES: Mapping[str, tuple[type, ...]] = {
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "string": (str,),
}
WRITTEN_AS_TEXT = {"int64", "uint64"}
"""Formats of whole numbers that JSON carries as text."""


@cache
def schemas(api: str) -> Schemas:
    """The schemas of an API, such as `run.v2`, by name."""
    document = files("googleapiclient") / f"discovery_cache/documents/{api}.json"
    return cast("Schemas", json.loads(document.read_text(encoding="utf-8"))["schemas"])


def strangers(
    value: Any,  # noqa: ANN401
    schema: Mapping[str, Any],
    known: Schemas,
    renamed: Mapping[str, str],
    path: str = "",
) -> Iterator[str]:
    """Every field, value of an enumeration and type in `value` that the API does not know.

    `renamed` tells how the API calls a field that the provider calls otherwise.
    """
    schema = known[schema["$ref"]] if "$ref" in schema else schema
    kind = schema.get("type")
    if kind == "array":
        # Where the API has a list of one, the provider has the one.
        parts = cast("list[Any]", value if isinstance(value, list) else [value])
        for index, part in enumerate(parts):
            yield from strangers(part, schema["items"], known, renamed, f"{path}[{index}]")
    elif kind == "object" and isinstance(value, dict):
        for key, inner in cast("dict[str, Any]", value).items():
            name = renamed.get(key, key)
            expected = schema.get("properties", {}).get(name) or schema.get("additionalProperties")
            if expected:
                yield from strangers(inner, expected, known, renamed, f"{path}.{name}")
            else:
                yield f"{path}.{name}: unknown field"
    else:
        yield from _strange_value(cast("object", value), schema, path)


def _strange_value(value: object, schema: Mapping[str, Any], path: str) -> Iterator[str]:
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: {value!r} is none of {schema['enum']}"
    as_text = schema.get("format") in WRITTEN_AS_TEXT
    allowed = (*TYPES.get(schema.get("type", ""), (object,)), *((int,) if as_text else ()))
    if not isinstance(value, allowed):
        yield f"{path}: {value!r} is no {schema.get('type')}"
