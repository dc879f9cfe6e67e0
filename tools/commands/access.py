"""`airfield access`: who may do what, and who reads which secret, of one stack. Always a rehearsal."""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Literal

from tools import show
from tools.access.accepted import reason, without_reason
from tools.access.grant import Grant
from tools.access.read import grants
from tools.commands.output import write
from tools.console import err, out
from tools.engine.obtain import obtained_engine
from tools.project import find_project
from tools.rehearsed import rehearsed_graph
from tools.targets import checked_target


def access(stack: str, target: str | None, form: Literal["table", "json"], output: Path | None) -> bool:
    """Show it; whether every wide right has its reason."""
    project = find_project(Path.cwd())
    chosen = checked_target(target) if target else None
    command = obtained_engine()
    found = grants(rehearsed_graph(project, command, stack, chosen))
    if form == "json":
        write(as_json(found), output)
    else:
        write("\n".join(lines(found)) + "\n", output)
    unexplained = without_reason(found)
    for grant in unexplained:
        text = f"nobody says why {grant.principal} has {grant.action} on {grant.resource}"
        err.print(f"[red]error:[/] {text}", highlight=False)
    if not output and form == "table":
        out.print(f"{show.counted(len(found), 'right')}; ! marks what is wider than a name, and says why")
    return not unexplained


def lines(found: Sequence[Grant]) -> Iterable[str]:
    """Who, and below that what on what; the rights on one thing together."""
    for principal, theirs in groupby(found, key=lambda grant: grant.principal):
        yield principal
        together: dict[tuple[str, str | None], list[str]] = {}
        for grant in theirs:
            together.setdefault((grant.on, _why(grant)), []).append(grant.action)
        for (resource, why), actions in together.items():
            sign, because = ("!", f" ({why})") if why else (" ", "")
            yield f"  {sign} {', '.join(actions)}: {resource}{because}"


def as_json(found: Sequence[Grant]) -> str:
    """The same for a program."""
    rights: list[Mapping[str, str | bool | None]] = [
        {
            "principal": grant.principal,
            "action": grant.action,
            "resource": grant.resource,
            "wide": grant.is_wide,
            "reason": _why(grant),
        }
        for grant in found
    ]
    return json.dumps(rights, indent=2, ensure_ascii=False) + "\n"


def _why(grant: Grant) -> str | None:
    return (reason(grant) or "nobody says why") if grant.is_wide else None
