"""Lays facts of several platforms side by side, and marks what differs. Pure."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from infra.portability import Target
from tools.compare.amazon import on_aws
from tools.compare.cluster import on_eks, on_kubernetes
from tools.compare.facts import Facts, StackFacts, WorkloadFacts
from tools.compare.google import on_gcp
from tools.compare.swarm import on_swarm
from tools.declared import Graph

READERS: Mapping[Target, Callable[[Graph], Facts]] = {
    "aws": on_aws,
    "eks": on_eks,
    "gcp": on_gcp,
    "kubernetes": on_kubernetes,
    "swarm": on_swarm,
}
DIFFERS, SAME = "≠", "="


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One aspect of a workload, or of the stack, on every platform that is compared."""

    subject: str
    """The workload's name; empty for the stack."""
    aspect: str
    values: Mapping[str, str]
    """By platform."""

    @property
    def differs(self) -> bool:
        """Whether it matters which platform is taken."""
        return len(set(self.values.values())) > 1

    @property
    def sign(self) -> str:
        """What marks it, for who sees no colour."""
        return DIFFERS if self.differs else SAME

    def groups(self) -> Mapping[str, Sequence[str]]:
        """The platforms by value, in the order in which they were asked for."""
        found: dict[str, list[str]] = {}
        for target, value in self.values.items():
            found.setdefault(value, []).append(target)
        return found


def rows(found: Mapping[str, Facts]) -> list[Row]:
    """Every aspect, of each workload and of the stack."""
    names = dict.fromkeys(name for facts in found.values() for name in facts.workloads)
    return [
        *(
            row
            for name in names
            for row in _rows(name, {target: facts.workloads[name] for target, facts in found.items()})
        ),
        *_rows("", {target: facts.stack for target, facts in found.items()}),
    ]


def _rows(subject: str, found: Mapping[str, WorkloadFacts | StackFacts]) -> Iterator[Row]:
    for field in fields(next(iter(found.values()))):
        values = {target: str(getattr(facts, field.name)) for target, facts in found.items()}
        yield Row(subject=subject, aspect=field.name.replace("_", " "), values=values)


def markdown(stack: str, compared: Sequence[Row]) -> str:
    """A table for a file, a column for each platform."""
    targets = list(compared[0].values)
    lines = [
        f"# {stack}: the same stack on {len(targets)} platforms",
        "",
        f"Read from what is declared there, after rounding. {DIFFERS} marks what differs.",
        "",
        f"| | | {' | '.join(targets)} |",
        f"| --- | --- |{' --- |' * len(targets)}",
    ]
    for row in compared:
        aspect = f"**{row.aspect}**" if row.differs else row.aspect
        cells = (row.values[target].replace("|", "\\|") for target in targets)
        lines.append(f"| {row.sign} | {row.subject or stack}: {aspect} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def as_json(stack: str, compared: Sequence[Row]) -> str:
    """The same for a program."""
    document = {
        "stack": stack,
        "targets": list(compared[0].values),
        "rows": [
            {
                "workload": row.subject or None,
                "aspect": row.aspect,
                "differs": row.differs,
                "values": dict(row.values),
            }
            for row in compared
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
