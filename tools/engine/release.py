"""Which Pulumi engine the project is tried with: the one that go.mod pins. Obtains nothing."""

import re
from pathlib import Path

GO_MODULE = Path(__file__).parent.parent


def engine_version() -> str:
    """The oldest engine that will do, and the one that is installed or built."""
    return _found(r"\sgithub\.com/pulumi/pulumi/pkg/v3 v(\S+)")


def go_version(module: Path = GO_MODULE) -> str:
    """The oldest Go that builds what a module pins: the engine's, if no other is named."""
    return _found(r"^go (\S+)", module)


def _found(pattern: str, module: Path = GO_MODULE) -> str:
    text = (module / "go.mod").read_text(encoding="utf-8")
    match = re.search(pattern, text, re.MULTILINE)
    if not match:
        raise LookupError(f"{module}/go.mod has no line like {pattern}")
    return match[1]
