"""Obtains it once for every clone of this machine, built of main.go beside it with Alloy's own parser."""

from pathlib import Path

from tools.go_programs import GoPrograms

ALLOY_SYNTAX = GoPrograms(
    title="a parser of Alloy's configuration",
    module=Path(__file__).parent,
    packages=(".",),
    programs=("alloy_syntax",),
)


def obtained_alloy_syntax() -> Path:
    """The program; built now where it is not yet there."""
    return ALLOY_SYNTAX.obtained() / "alloy_syntax"
