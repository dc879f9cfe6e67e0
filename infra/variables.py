"""What a container finds in its environment, plain and secret apart. Knows no platform."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pulumi

from infra.datastores import URL_VARIABLE
from infra.workload import Workload, url_variable


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

    `url_of` tells where a workload of the stack answers its callers; `secrets` holds at least those that the
    workload names and the URLs of the data stores that it uses.
    """
    plain: dict[str, pulumi.Input[str]] = {"ENVIRONMENT": environment, **workload.environment}
    plain |= {url_variable(callee): url_of(callee) for callee in workload.calls}
    names = {*workload.secrets, *(URL_VARIABLE[store] for store in workload.uses)}
    return Variables(
        plain=dict(sorted(plain.items())),
        secret={name: secrets[name] for name in sorted(names)},
    )
