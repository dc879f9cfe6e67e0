"""What does not fit together on Docker Swarm is answered with a line."""

from typing import Any

import pulumi
import pytest

from tests.infra.swarm.example import said

MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "half a certificate": (
        {"swarm": {"certificateSecret": "PEM"}, "domain": "a.example.com", "secrets": {"PEM": "x"}},
        "airfield:swarm: certificateSecret and certificateKeySecret are set together, or neither is",
    ),
    "a certificate without a value": (
        {
            "swarm": {"certificateSecret": "PEM", "certificateKeySecret": "KEY"},
            "domain": "a.example.com",
            "secrets": {"KEY": "x"},
        },
        (
            "airfield:swarm.certificateSecret: PEM has no value; "
            "set it: pulumi config set --secret --path 'secrets.PEM'"
        ),
    ),
    "a dashboard without TLS": (
        {"swarm": {"dashboardDomain": "t.example.com"}},
        "airfield:swarm.dashboardDomain: needs airfield:domain, with which TLS comes",
    ),
    "a name that another part has": (
        {"workloads": {"edge": {}}},
        "airfield:workloads.edge: another part of the stack has this name; taken: ",
    ),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_one_mistake_is_answered_by_one_line(case: str) -> None:
    keys, answer = MISTAKES[case]
    with pytest.raises(pulumi.RunError) as refused:
        said(**keys)
    (line,) = str(refused.value).splitlines()
    assert line.startswith(answer)
