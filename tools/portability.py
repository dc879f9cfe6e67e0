"""Says in Markdown what each platform makes of each field, from the ledger itself. Decides nothing.

`make documents` writes it to docs/portability.md.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import get_args

from pydantic.alias_generators import to_camel

from infra.portability import LEDGER, Target, Verdict

TARGETS: tuple[Target, ...] = get_args(Target)
INTRODUCTION = """# What a switch of the platform keeps

Made by `make documents` from `infra/portability.py`: every field of a workload, of the data stores and of the
objective, on every platform. A deployment says which of the losses below its own settings meet, and
`airfield:strict: true` makes them errors.

- **native**: the platform has the very thing.
- **emulated**: the meaning arrives whole, by other means.
- **approximated**: part of the meaning is lost.
- **unsupported**: nothing of it arrives.

What README.md's example becomes on each: [aws](pictures/aws.svg), [eks](pictures/eks.svg),
[gcp](pictures/gcp.svg), [kubernetes](pictures/kubernetes.svg), [swarm](pictures/swarm.svg).
"""


def page(text: str) -> str:
    """The whole document; what it was before does not matter."""
    del text
    return "\n".join([INTRODUCTION, *_table(), "", "## What is not native", "", *_notes()]) + "\n"


def _key(field: str) -> str:
    """As a stack file writes it: `workload.scaling.minReplicas`."""
    return ".".join(to_camel(part) for part in field.split("."))


def _table() -> Iterator[str]:
    yield f"| field | {' | '.join(TARGETS)} |"
    yield f"| --- |{' --- |' * len(TARGETS)}"
    for field, verdicts in LEDGER.items():
        yield f"| `{_key(field)}` | {' | '.join(verdicts[target].status for target in TARGETS)} |"


def _notes() -> Iterator[str]:
    for field, verdicts in LEDGER.items():
        for verdict, targets in _by_verdict(verdicts):
            if verdict.note:
                yield f"- `{_key(field)}` on {', '.join(targets)}: **{verdict.status}**, {verdict.note}."


def _by_verdict(verdicts: Mapping[Target, Verdict]) -> Iterator[tuple[Verdict, list[Target]]]:
    def verdict_of(target: Target) -> Verdict:
        return verdicts[target]

    in_order = sorted(TARGETS, key=lambda target: (verdict_of(target).status, verdict_of(target).note))
    for verdict, targets in groupby(in_order, key=verdict_of):
        yield verdict, list(targets)
