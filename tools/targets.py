"""The platforms there are: the program's settings say so. Adds none."""

import difflib
from typing import get_args

from infra.portability import Target
from tools.errors import OperatorError


def supported_targets() -> tuple[str, ...]:
    """Every platform, in the order of the settings."""
    return get_args(Target)


def checked_target(target: str) -> str:
    """The platform, if there is one of that name."""
    known = supported_targets()
    if target in known:
        return target
    near = difflib.get_close_matches(target, known, n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"there is {', '.join(known)}"
    raise OperatorError(f"there is no platform `{target}`; {hint}")
