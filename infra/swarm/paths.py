"""Who can reach whom: an overlay network for each pair, since a Swarm has no other policy. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from infra.workload import Datastore, Workload, calls

EDGE, SOCKET, PROMETHEUS = "edge", "socket", "prometheus"


@dataclass(frozen=True, slots=True)
class Path:
    """One network, and who is on it."""

    name: str
    members: frozenset[str]
    internal: bool = True
    """Whether nothing outside of the Swarm is reached through it."""


def path(caller: str, callee: str) -> Path:
    """The way between two: `gateway-to-orders`."""
    return Path(f"{caller}-to-{callee}", frozenset({caller, callee}))


def way_out(name: str) -> Path:
    """The one network through which a service reaches what is outside of the Swarm."""
    return Path(name, frozenset({name}), internal=False)


def workload_paths(workloads: Mapping[str, Workload], stores: Mapping[Datastore, str]) -> Iterator[Path]:
    """The ways of the workloads: out, to those that they call, from the edge, and to their stores.

    `stores` has the service of each data store that the stack runs.
    """
    yield from map(way_out, workloads)
    yield from (path(caller, callee) for caller, callee in calls(workloads))
    yield from (path(EDGE, name) for name, workload in workloads.items() if workload.public)
    for name, workload in workloads.items():
        yield from (path(name, stores[store]) for store in workload.uses if store in stores)


def joined(paths: Iterable[Path], member: str) -> list[str]:
    """The names of the networks that a service is on, sorted."""
    return sorted(each.name for each in paths if member in each.members)
