"""Values as the engine sends them, secrets wrapped and unknowns marked. Knows no package."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.struct_pb2 import Struct

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Properties: TypeAlias = dict[str, Json]

# https://github.com/pulumi/pulumi/blob/v3.259.0/sdk/go/common/resource/sig/sig.go
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 (marks a secret, is none)
# https://github.com/pulumi/pulumi/blob/v3.259.0/sdk/go/common/resource/plugin/rpc.go
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def properties(struct: Struct) -> Properties:
    """What a message holds, whole numbers as such: the wire has floats only."""
    return cast("Properties", _whole(MessageToDict(struct)))


def struct(values: Mapping[str, Json]) -> Struct:
    """What a message carries."""
    return ParseDict(dict(values), Struct())


def reveal(value: Json) -> Json:
    """The value with every secret out of its wrapper."""
    if isinstance(value, dict):
        if value.get(SIGNATURE) == SECRET:
            return reveal(value.get("value"))
        return {key: reveal(item) for key, item in value.items()}
    return [reveal(item) for item in value] if isinstance(value, list) else value


def revealed(values: Properties) -> Properties:
    """The same for all properties of a resource."""
    return {key: reveal(value) for key, value in values.items()}


@dataclass(frozen=True, slots=True)
class Change:
    """One place where two sets of properties differ."""

    path: str
    """As in `spec.template.containers[0].image`."""
    old: Json
    new: Json


def changes(old: Json, new: Json, path: str = "") -> Iterator[Change]:
    """Where the two differ. An unknown differs from nothing: it is settled when its resource is made."""
    if UNKNOWN in (old, new):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from changes(old.get(key), new.get(key), _step(path, key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from changes(before, after, f"{path}[{index}]")
    elif old != new:
        yield Change(path, old, new)


def _step(path: str, key: str) -> str:
    if not key.replace("_", "a").replace("-", "a").isalnum():
        return f'{path}["{key}"]'
    return f"{path}.{key}" if path else key


def _whole(value: object) -> Json:
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in cast("dict[str, object]", value).items()}
    if isinstance(value, list):
        return [_whole(item) for item in cast("list[object]", value)]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return cast("Json", value)
