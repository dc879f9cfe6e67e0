"""What a container finds in its environment, plain and secret apart. Knows no platform."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import pulumi

from infra.datastores import URL_VARIABLE
from infra.workload import Workload, url_variable

Secret = TypeVar("Secret", bound=pulumi.Input[str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Variables:
    """The environment of one workload, each part sorted by name."""

    plain: Mapping[str, pulumi.Input[str]]
    """Values that anyone may read."""
    secret: Mapping[str, pulumi.Input[str]]
    """Values that reach the container by reference only."""


def variables(
    workload: Workload,
    *,
    environment: str,
    url_of: Callable[[str], pulumi.Input[str]],
    secrets: Mapping[str, pulumi.Input[str]],
) -> Variables:
    """Everything that is injected into `workload`.

    `url_of` tells where a workload of the stack answers its callers; `secrets` holds at least `secret_names`.
    """
    plain: dict[str, pulumi.Input[str]] = {"ENVIRONMENT": environment, **workload.environment}
    plain |= {url_variable(callee): url_of(callee) for callee in workload.calls}
    return Variables(
        plain=dict(sorted(plain.items())),
        secret={name: secrets[name] for name in secret_names(workload)},
    )


def secret_names(workload: Workload) -> list[str]:
    """The secrets that a workload gets: those it names, and the URLs of the data stores that it uses."""
    return sorted({*workload.secrets, *(URL_VARIABLE[store] for store in workload.uses)})


def used_secrets(workloads: Mapping[str, Workload], secrets: Mapping[str, Secret]) -> dict[str, Secret]:
    """Those of the stack's secrets that some workload gets."""
    return {name: secrets[name] for name in sorted({n for w in workloads.values() for n in secret_names(w)})}
