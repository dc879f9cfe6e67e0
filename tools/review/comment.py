"""A review as Markdown for a pull request: the same text for the same input. Knows no engine.

https://docs.github.com/en/rest/issues/comments: a comment has 65,536 characters at most.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tools.review.changes import Change, Reviewed
from tools.review.data import HOLDS_DATA

MARKER = "<!-- airfield plan -->"
"""By which the comment of an earlier push is found again."""
LIMIT = 65_536
_LINES_A_KIND = 12
"""Of one cause, so many that are deleted, so many that are created, …"""
_VALUES_A_LINE = 3
_SIGNS: Mapping[str, str] = {"create": "+", "update": "~", "replace": "±", "delete": "-"}
_ORDER = ("replace", "delete", "update", "create")
_HINT = "\n\n… and more than a comment holds: `airfield plan --base` says all of it.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """All that is said of a change."""

    base: str
    """What it is compared with, in the words of who asked."""
    stacks: Mapping[str, Reviewed]
    """Each on its own platform."""
    elsewhere: Mapping[tuple[str, str], Reviewed]
    """Stacks tried on platforms that are not theirs."""


def endangers_data(reviewed: Reviewed) -> Sequence[Change]:
    """What would take data with it."""
    return [change for change in _sorted(reviewed.changes) if _loses_data(change)]


def comment(review: Review, limit: int = LIMIT) -> str:
    """The whole text; where it is longer than `limit` characters without pictures, cut between lines."""
    whole = _whole(review, pictures=True)
    return whole if len(whole) <= limit else _cut(_whole(review, pictures=False), limit)


def _whole(review: Review, *, pictures: bool) -> str:
    blocks = [
        [MARKER, "## What this changes"],
        _introduction(review),
        _table(review.stacks),
        *(_stack(name, reviewed, pictures=pictures) for name, reviewed in review.stacks.items()),
        _unchanged(review.stacks),
        _elsewhere(review),
    ]
    texts = ["\n".join(block) for block in blocks]
    return "\n\n".join(filter(None, texts)) + "\n"


def _introduction(review: Review) -> Iterator[str]:
    yield (
        f"Compared with {_code(review.base)}: code with code, on the real Pulumi engine over stand-ins for"
        " the platforms. No platform was asked, so what was changed there by hand is not seen; `pulumi"
        " preview` sees it."
    )


def _table(stacks: Mapping[str, Reviewed]) -> Iterator[str]:
    yield "| stack | platform | created | updated | replaced | deleted | data |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | --- |"
    for name, reviewed in stacks.items():
        counts = Counter(change.step.operation for change in reviewed.changes)
        cells = [str(counts[operation] or "") for operation in ("create", "update", "replace", "delete")]
        lost = len(endangers_data(reviewed))
        danger = f"⚠️ {lost} at risk" if lost else ""
        state = ["failed", "", "", "", ""] if reviewed.failure else [*cells, danger]
        yield f"| {_code(name)} | {_platform(reviewed)} | {' | '.join(state)} |"


def _platform(reviewed: Reviewed) -> str:
    if reviewed.before is None:
        return f"{reviewed.after}, new"
    if reviewed.after is None:
        return f"{reviewed.before}, removed"
    same = reviewed.before == reviewed.after
    return reviewed.after if same else f"{reviewed.before} → {reviewed.after}"


def _stack(name: str, reviewed: Reviewed, *, pictures: bool) -> Iterator[str]:
    if reviewed.failure:
        yield f"### {_code(name)} could not be planned"
        yield from ("", "```", *reviewed.failure.replace("```", "'''").splitlines(), "```")
    elif reviewed.after is None:
        yield f"### {_code(name)} is removed"
        yield from (
            "",
            f"What it deployed stays until `pulumi destroy -s {_plain(name)}` is run, before the merge.",
        )
    elif reviewed.changes:
        yield f"### {_code(name)} on {_platform(reviewed)}: {_totals(reviewed.changes)}"
        yield from _dangers(endangers_data(reviewed))
        yield from _by_cause(reviewed.changes)
        if pictures and reviewed.picture:
            yield f"\n<details><summary>As it would be</summary>\n\n{reviewed.picture}\n</details>"
    if reviewed.warnings:
        yield from ("", "New warnings:", "", *(f"- {_code(text)}" for text in reviewed.warnings))


def _dangers(changes: Sequence[Change]) -> Iterator[str]:
    if not changes:
        return
    yield from ("", "> [!CAUTION]")
    for change in changes:
        step = change.step
        why = f" by {_paths(step.replacing, step.values)}" if step.replacing else ""
        refused = "; it is protected, so `pulumi up` refuses" if change.protected else ""
        done = "replaced" if step.operation == "replace" else "deleted"
        lost = HOLDS_DATA[step.type]
        yield f"> {_label(change)} would be **{done}**{why}, and {lost} lost with it{refused}."


def _by_cause(changes: Sequence[Change]) -> Iterator[str]:
    groups: dict[tuple[str, ...], list[Change]] = {}
    for change in _sorted(changes):
        groups.setdefault(change.causes, []).append(change)
    for causes, members in sorted(groups.items()):
        yield from ("", f"Because of {' and '.join(map(_cause, causes))}:", "")
        for operation in _ORDER:
            alike = [change for change in members if change.step.operation == operation]
            yield from map(_line, alike[:_LINES_A_KIND])
            if len(alike) > _LINES_A_KIND:
                yield f"- … and {len(alike) - _LINES_A_KIND} more to {operation}"


def _cause(text: str) -> str:
    return text if text.startswith("`") else f"**{text}**"


def _line(change: Change) -> str:
    step = change.step
    paths = step.replacing or step.paths if step.operation in {"update", "replace"} else ()
    said = f": {_paths(paths, step.values)}" if paths else ""
    return f"- `{_SIGNS[step.operation]}` {_label(change)}{said}"


def _label(change: Change) -> str:
    return f"{_code(change.step.name)} {_kind(change.step.type)}"


def _kind(type_: str) -> str:
    """As in `rds Instance` for aws:rds/instance:Instance, and `Deployment` for what Kubernetes calls so."""
    package, module, name = type_.split(":")
    within = module.partition("/")[0]
    return name if package == "kubernetes" or within == "index" else f"{within} {name}"


def _paths(paths: Sequence[str], values: Mapping[str, tuple[str, str]]) -> str:
    said = [
        f"{_code(path)} {_code(values[path][0])} → {_code(values[path][1])}"
        if path in values
        else _code(path)
        for path in paths[:_VALUES_A_LINE]
    ]
    more = len(paths) - _VALUES_A_LINE
    return ", ".join([*said, f"{more} more"] if more > 0 else said)


def _unchanged(stacks: Mapping[str, Reviewed]) -> Iterator[str]:
    same = [
        _code(name)
        for name, reviewed in stacks.items()
        if not reviewed.changes and not reviewed.failure and reviewed.after
    ]
    if same:
        yield f"Nothing changes for {', '.join(same)}."


def _elsewhere(review: Review) -> Iterator[str]:
    changed = {key: found for key, found in review.elsewhere.items() if found.changes or found.failure}
    if not changed:
        return
    yield from ("<details><summary>The same change, tried on the other platforms</summary>", "")
    yield from ("| stack | platform | what would happen |", "| --- | --- | --- |")
    for (stack, target), found in changed.items():
        first = found.failure.splitlines()[0] if found.failure else ""
        told = f"fails: {_code(first)}" if found.failure else _totals(found.changes)
        yield f"| {_code(stack)} | {target} | {told.replace('|', '&#124;')} |"
    yield from ("", "</details>")


def _totals(changes: Iterable[Change]) -> str:
    counts = Counter(change.step.operation for change in changes)
    return ", ".join(f"{counts[operation]} to {operation}" for operation in _ORDER if counts[operation])


def _sorted(changes: Iterable[Change]) -> list[Change]:
    def place(change: Change) -> tuple[bool, int, str]:
        return not _loses_data(change), _ORDER.index(change.step.operation), change.step.urn

    return sorted(changes, key=place)


def _loses_data(change: Change) -> bool:
    return change.step.operation in {"replace", "delete"} and change.step.type in HOLDS_DATA


def _code(text: str) -> str:
    return f"`{_plain(text)}`"


def _plain(text: str) -> str:
    """Nothing in it ends the code that it stands in, or the line."""
    return text.replace("`", "'").replace("\n", " ").replace("|", "¦")


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    kept = text[: limit - len(_HINT) - len("\n</details>")]
    whole = kept[: kept.rfind("\n")]
    opened = "\n</details>" if whole.count("<details>") > whole.count("</details>") else ""
    return f"{whole}{opened}{_HINT}"
