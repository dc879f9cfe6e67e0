"""How findings are written: one part that can be laid beside another platform's, one that cannot."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from tools.probe.suite import Finding

MARKS = {"kept": "✓", "broken": "✗", "not seen": "?", "not asked": "-"}


def as_json(findings: Sequence[Finding], url: str, measured: Mapping[str, float]) -> str:
    """`promises` is equal for two platforms that behave the same; `visit` never is."""
    document = {
        "promises": [asdict(finding) for finding in findings],
        "visit": {"url": url, "measured": dict(measured)},
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def as_markdown(findings: Sequence[Finding]) -> str:
    """A table for `diff`: no address, no time, no number that changes from visit to visit."""
    lines = ["| promise | outcome | seen |", "| --- | --- | --- |"]
    lines += [f"| {f.name} | {MARKS[f.outcome]} {f.outcome} | {_cell(f.why)} |" for f in findings]
    return "\n".join(lines) + "\n"


def summary(findings: Sequence[Finding]) -> str:
    """As in `18 kept, 2 not asked`."""
    outcomes = [finding.outcome for finding in findings]
    return ", ".join(f"{outcomes.count(mark)} {mark}" for mark in MARKS if mark in outcomes)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
