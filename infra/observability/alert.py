"""One alert, as a rule file has it. Pure.

https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias

Rule: TypeAlias = dict[str, object]


def alert(  # noqa: PLR0913  one for each thing that an alert says
    name: str,
    expression: str,
    *,
    severity: Literal["critical", "warning"],
    summary: str,
    description: str,
    minutes: int = 0,
    labels: Mapping[str, str] | None = None,
) -> Rule:
    """One that has to be true for so many minutes."""
    return {
        "alert": name,
        "expr": expression,
        "for": f"{minutes}m",
        "labels": {"severity": severity, **(labels or {})},
        "annotations": {"summary": summary, "description": description},
    }
