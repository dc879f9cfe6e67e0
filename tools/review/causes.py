"""What differs between two stack files, leaf by leaf, and one of them with a single difference. Pure."""

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, cast

from tools.project import Settings

_MAX_TEXT = 60
_SECRET_TEXT = "a secret"  # noqa: S105 (what is said in its place)
Keys: TypeAlias = tuple[str, ...]


class _Absent:
    """No value, not even null."""


ABSENT: Final = _Absent()


@dataclass(frozen=True, slots=True)
class Difference:
    """A key whose value is another, is new, or is gone."""

    keys: Keys
    """The way to it below `config:`."""
    before: object
    after: object

    def text(self, project: str) -> str:
        """As in `workloads.api.scaling.maxReplicas` 4 → 8; nothing of a secret."""
        name = _code(".".join(self.keys).removeprefix(f"{project}:"))
        if _is_secret(self.before) or _is_secret(self.after):
            return f"{name} changed"
        if isinstance(self.before, _Absent):
            return f"{name} set to {_shown(self.after)}"
        if isinstance(self.after, _Absent):
            return f"{name} removed, was {_shown(self.before)}"
        return f"{name} {_shown(self.before)} → {_shown(self.after)}"


def differences(before: Settings, after: Settings) -> list[Difference]:
    """In the order of their keys. Keys of the file beside `config:` decide nothing that is declared."""
    return [*_differences((), before.get("config") or {}, after.get("config") or {})]


def with_difference(before: Settings, difference: Difference) -> Settings:
    """The settings with this one difference made."""
    changed = copy.deepcopy(before)
    *parents, last = ("config", *difference.keys)
    mapping: Any = changed
    for key in parents:
        if not isinstance(mapping.get(key), dict):
            mapping[key] = {}
        mapping = mapping[key]
    if isinstance(difference.after, _Absent):
        mapping.pop(last, None)
    else:
        mapping[last] = difference.after
    return changed


def _differences(keys: Keys, before: object, after: object) -> Iterator[Difference]:
    if _is_mapping(before) and _is_mapping(after):
        old, new = cast("Mapping[str, object]", before), cast("Mapping[str, object]", after)
        for key in sorted({*old, *new}, key=str):
            yield from _differences((*keys, str(key)), old.get(key, ABSENT), new.get(key, ABSENT))
    elif before != after:
        yield Difference(keys, before, after)


def _is_mapping(value: object) -> bool:
    return not _is_secret(value) and isinstance(value, dict)


def _is_secret(value: object) -> bool:
    return isinstance(value, dict) and [*cast("dict[str, object]", value)] == ["secure"]


def _without_secrets(value: object) -> object:
    if _is_secret(value):
        return _SECRET_TEXT
    if isinstance(value, dict):
        return {key: _without_secrets(item) for key, item in cast("dict[str, object]", value).items()}
    return (
        [_without_secrets(item) for item in cast("list[object]", value)] if isinstance(value, list) else value
    )


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(_without_secrets(value), default=str)
    return _code(text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}…")


def _code(text: str) -> str:
    """Nothing in it is markup, a mention or a link."""
    return f"`{text.replace('`', chr(39)).replace(chr(10), ' ')}`"
