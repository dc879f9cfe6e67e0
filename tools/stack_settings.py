"""What a stack file says, read without the engine and without its key. Changes nothing."""

import json
import re
from base64 import b64decode
from binascii import Error
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic import ValidationError

from stacks.settings import ECOSYSTEM_KEYS, Settings
from tools.project import Project, read_stack

_SEALED = re.compile(r"v1:[^:]+:(?P<sealed>[^:]+)")
"""How the engine writes a value that AES-GCM encrypted: version, nonce, and the rest.

https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/config/crypt.go
"""
_TAG_OCTETS = 16
"""Beside the value, what tells that nobody changed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StackSettings:
    """What can be read of it."""

    settings: Settings | None
    """None where something in it is wrong, which the program answers."""
    raw: Mapping[str, Any]
    secrets: Mapping[str, int | None]
    """The size of each in octets; None where it cannot be told without the key."""


def read_stack_settings(project: Project, stack: str) -> StackSettings:
    """The file, and what it leaves to its defaults."""
    config = cast("dict[str, Any]", read_stack(project, stack).get("config") or {})
    prefix = f"{project.name}:"
    raw = {
        key.removeprefix(prefix): _plain(value)
        for key, value in config.items()
        if value not in (None, "") and (key.startswith(prefix) or key in ECOSYSTEM_KEYS)
    }
    secrets = raw.pop("secrets", {})
    apart = isinstance(secrets, dict) and "secure" not in secrets
    names = cast("dict[str, Any]", secrets) if apart else {}
    try:
        settings = Settings.model_validate(raw, by_alias=True, by_name=False)
    except ValidationError:
        settings = None
    return StackSettings(
        settings=settings, raw=raw, secrets={name: _octets(value) for name, value in names.items()}
    )


def _plain(value: object) -> object:
    """A list or a mapping may be written as one text."""
    return json.loads(value) if isinstance(value, str) and value[:1] in {"{", "["} else value


def _octets(value: object) -> int | None:
    match value:
        case {"secure": str(sealed)}:
            found = _SEALED.fullmatch(sealed)
            try:
                return len(b64decode(found["sealed"], validate=True)) - _TAG_OCTETS if found else None
            except Error:
                return None
        case str():
            return len(value.encode())
        case _:
            return None
