"""`airfield plan --base`: what a change of the project would change in every stack. Touches nothing."""

import functools
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pulumi.automation import PulumiCommand
from rich.markdown import Markdown

from tools import parallel, show
from tools.console import err, out
from tools.deployment import describe
from tools.engine.obtain import obtained_engine
from tools.errors import OperatorError
from tools.project import find_project
from tools.review.base import commit_of, project_at, same_program
from tools.review.changes import Pair, Reviewed, review
from tools.review.comment import Review, comment, endangers_data
from tools.targets import checked_target, supported_targets

_Task = tuple[str, str | None]
"""A stack, and a platform if it is not the stack's own."""


Format = Literal["text", "markdown"]
FailOn = Literal["never", "replace-data", "replace", "change"]
"""What a pipeline does not let pass, the mildest last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The words of the command."""

    base: str
    stacks: Sequence[str]
    targets: Sequence[str]
    """Platforms to try beside each stack's own; all, if there is none."""
    form: Format
    output: Path | None
    fail_on: FailOn


def review_change(asked: Asked) -> tuple[bool, bool]:
    """Say it; whether all could be planned, and whether that passes."""
    head = find_project(Path.cwd())
    others = [checked_target(target) for target in asked.targets] or supported_targets()
    with project_at(head, asked.base) as base:
        pair = Pair(base=base, head=head, same_program=same_program(base, head))
        named = _stacks(pair, asked.stacks)
        tasks = [*((stack, None) for stack in named), *_elsewhere(pair, named, others)]
        found = _reviewed(pair, tasks)
    result = Review(
        base=f"{asked.base} ({commit_of(head, asked.base)[:7]})",
        stacks={stack: found[stack, None] for stack in named},
        elsewhere={(stack, target): found[stack, target] for stack, target in tasks if target},
    )
    _say(comment(result), asked)
    own = result.stacks.values()
    return not any(one.failure for one in own), not any(_refused(one, asked.fail_on) for one in own)


def _stacks(pair: Pair, named: Sequence[str]) -> Sequence[str]:
    known = sorted({*pair.base.stacks(), *pair.head.stacks()})
    for stack in named:
        if stack not in known:
            raise OperatorError(f"there is no stack `{stack}`, before or after: there is {', '.join(known)}")
    return list(dict.fromkeys(named)) or known


def _elsewhere(pair: Pair, stacks: Iterable[str], targets: Iterable[str]) -> Iterator[_Task]:
    for stack in stacks:
        if all(project.path(stack).is_file() for project in (pair.base, pair.head)):
            own = {describe(project, stack).target for project in (pair.base, pair.head)}
            yield from ((stack, target) for target in targets if target not in own)


def _reviewed(pair: Pair, tasks: Sequence[_Task]) -> Mapping[_Task, Reviewed]:
    work = functools.partial(_review, pair, obtained_engine())
    with show.progress(f"Comparing {show.counted(len(tasks), 'combination')}", err) as watch:
        return parallel.each(work, tasks, lambda task: watch(f"{task[0]} on {task[1] or 'its own platform'}"))


def _review(pair: Pair, command: PulumiCommand, task: _Task) -> Reviewed:
    return review(pair, *task, command)


def _say(text: str, asked: Asked) -> None:
    if asked.output:
        asked.output.write_text(text, encoding="utf-8")
        err.print(f"Written to {asked.output}", markup=False)
    elif asked.form == "markdown":
        sys.stdout.write(text)
    else:
        out.print(Markdown(text))


def _refused(reviewed: Reviewed, fail_on: FailOn) -> bool:
    match fail_on:
        case "never":
            return False
        case "replace-data":
            return bool(endangers_data(reviewed))
        case "replace":
            return any(change.step.operation in {"replace", "delete"} for change in reviewed.changes)
        case "change":
            return bool(reviewed.changes)
