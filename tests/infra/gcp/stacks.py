"""Stacks on Google Cloud that the tests of this folder look at. Asserts nothing."""

from functools import cache

import pulumi
import pytest

from tests.synth import Synthesis, stack_config, synthesise_config


def gcp_config(**airfield: object) -> dict[str, object]:
    """The production stack on Google Cloud; `airfield` replaces keys of ours."""
    return {
        **stack_config("prod"),
        "airfield:target": "gcp",
        **{f"airfield:{key}": value for key, value in airfield.items()},
    }


@cache
def full() -> Synthesis:
    """Everything there is: data stores, a domain, a public workload that calls a private one."""
    workloads = {
        "api": {
            "public": True,
            "cpuMillicores": 1000,
            "memoryMib": 2048,
            "uses": ["postgres", "redis"],
            "calls": ["prices"],
        },
        "prices": {"port": 8001},
    }
    return synthesise_config(gcp_config(workloads=workloads, postgres={}, redis={}))


def answers(config: dict[str, object]) -> list[str]:
    """The lines with which the real program refuses a configuration."""
    with pytest.raises(pulumi.RunError) as refused:
        synthesise_config(config)
    return str(refused.value).splitlines()
