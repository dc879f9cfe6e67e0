"""How a run of the engine looks in a terminal, and in a log without colour. Decides nothing."""

import contextlib
import json
import time
from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.tree import Tree

from tools.console import err, out

if TYPE_CHECKING:
    from rich.console import Console

    from tools.engine.recording import Operation, Recording, Step

_MAX_REASONS = 3
_LINE_EVERY_SECONDS = 10.0
_STYLES: Mapping[str, tuple[str, str]] = {
    "create": ("+", "green"),
    "update": ("~", "yellow"),
    "replace": ("±", "magenta"),
    "delete": ("-", "red"),
    "same": (" ", "dim"),
}
_DONE = {
    "create": "created",
    "update": "updated",
    "replace": "replaced",
    "delete": "deleted",
    "same": "unchanged",
}


@contextlib.contextmanager
def progress(title: str, to: "Console" = out) -> Generator[Callable[[str], None]]:
    """A live line in a terminal; in a log, a line now and then."""
    begun = last = time.monotonic()
    count = 0
    if not to.is_terminal:
        to.print(f"{title} …")

        def log(name: str) -> None:
            nonlocal count, last
            count += 1
            if time.monotonic() - last > _LINE_EVERY_SECONDS:
                last = time.monotonic()
                to.print(f"… {count} done after {last - begun:.0f} s, now {name}", markup=False)

        yield log
        return
    with to.status(escape(title)) as status:

        def live(name: str) -> None:
            nonlocal count
            count += 1
            status.update(f"{escape(title)} · {count} · {escape(name)}")

        yield live


def changes(recording: "Recording") -> None:
    """Each change, below the component that it belongs to."""
    roots = Tree("", hide_root=True)
    nodes: dict[str | None, Tree] = {None: roots}
    steps = recording.steps
    for step in sorted(recording.changes(), key=lambda step: step.urn):
        _node(step, steps, nodes)
    if roots.children:
        out.print(roots)


def _node(step: "Step", steps: "Mapping[str, Step]", nodes: dict[str | None, Tree]) -> Tree:
    if step.urn not in nodes:
        parent = steps.get(step.parent or "")
        above = _node(parent, steps, nodes) if parent else nodes[None]
        nodes[step.urn] = above.add(_label(step))
    return nodes[step.urn]


def _label(step: "Step") -> str:
    sign, style = _STYLES[step.operation]
    reasons = step.replacing or step.paths
    more = f" and {len(reasons) - _MAX_REASONS} more" if len(reasons) > _MAX_REASONS else ""
    said = f" [dim]{escape(', '.join(reasons[:_MAX_REASONS]))}{more}[/]" if reasons else ""
    return f"[{style}]{sign} {escape(step.name)}[/] {escape(step.type)}{said}"


def counted(count: int, noun: str) -> str:
    """As in `1 operation` or `2 operations`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def totals(counts: "Mapping[Operation, int]") -> str:
    """As in `13 created, 2 unchanged`."""
    return (
        ", ".join(f"{count} {_DONE[operation]}" for operation, count in counts.items() if count) or "nothing"
    )


def outputs(values: Mapping[str, object]) -> None:
    """What the stack gives back."""
    for name, value in sorted(values.items()):
        text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
        out.print(f"[bold]{escape(name)}[/]: {escape(text)}")


def warnings(recording: "Recording") -> None:
    """What the program or the engine warns of, each once."""
    for message in dict.fromkeys(recording.warnings):
        err.print(f"[yellow]warning:[/] {escape(message)}")
