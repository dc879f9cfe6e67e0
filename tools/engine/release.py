"""Which Pulumi engine the project is tried with: the one that go.mod pins. Obtains nothing."""

import re
from pathlib import Path

GO_MODULE = Path(__file__).parent.parent


def engine_version() -> str:
    """The oldest engine that will do, and the one that is installed or built."""
    return _found(r"\sgithub\.com/pulumi/pulumi/pkg/v3 v(\S+)")


def go_version() -> str:
    """The oldest Go that builds it."""
    return _found(r"^go (\S+)")


def _found(pattern: str) -> str:
    text = (GO_MODULE / "go.mod").read_text(encoding="utf-8")
    match = re.search(pattern, text, re.MULTILINE)
    if not match:
        raise LookupError(f"tools/go.mod has no line like {pattern}")
    return match[1]
