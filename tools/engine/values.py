"""Finds a changed input by the path that the engine gives it. Knows no resource."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias, cast

from tools.standin.wire import SIGNATURE

Inputs: TypeAlias = Mapping[str, Any] | None
"""Those of a resource, where there is one."""

_STEP = re.compile(r'\[(?P<index>\d+)\]|\["(?P<quoted>[^"]*)"\]|\.?(?P<name>[^.\[]+)')
_SECRET = re.compile(rf"\[secret\]|{SIGNATURE}")
_MAX_TEXT = 40


def short_values(paths: Iterable[str], old: Inputs, new: Inputs) -> Mapping[str, tuple[str, str]]:
    """Before and after, by path, of those that are plain values short enough to be read in a line."""
    found = {path: (_text(old, path), _text(new, path)) for path in paths}
    return {path: (was, will) for path, (was, will) in found.items() if was is not None and will is not None}


def _text(values: Inputs, path: str) -> str | None:
    value = _at(values, path)
    if isinstance(value, dict | list):
        return None
    text = "nothing" if value is None else value if isinstance(value, str) else json.dumps(value)
    return None if len(text) > _MAX_TEXT or "\n" in text or _SECRET.search(text) else text


def _at(values: Any, path: str) -> Any:  # noqa: ANN401 (JSON)
    for step in _STEP.finditer(path):
        key = step["name"] if step["name"] is not None else step["quoted"]
        if key is not None:
            values = cast("dict[str, Any]", values).get(key) if isinstance(values, dict) else None
        else:
            place = int(step["index"])
            items = cast("list[Any]", values) if isinstance(values, list) else []
            values = items[place] if place < len(items) else None
    return values
