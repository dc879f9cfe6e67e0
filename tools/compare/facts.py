"""What is compared of workloads and stacks: a line of text for each aspect, never none. Knows no platform."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from infra.portability import LEDGER, Target
from tools.declared import Body, Graph


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkloadFacts:
    """What one replica gets, how many there are, and what meets them."""

    cpu: str
    memory: str
    replicas: str
    concurrency: str
    request_timeout: str
    drain: str
    """From the signal to stop until the end by force."""
    start_up: str
    """How long a replica may take until it counts as failed."""
    liveness: str
    """After how long without an answer it is replaced."""
    readiness: str
    """After how long without an answer it gets no more requests."""
    exposure: str
    secrets: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StackFacts:
    """What the workloads share."""

    database: str
    database_availability: str
    database_backup: str
    database_encryption: str
    cache: str
    cache_availability: str
    cache_encryption: str
    logs_kept: str
    alerts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All of it, on one platform."""

    workloads: Mapping[str, WorkloadFacts]
    stack: StackFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseFacts:
    """What a platform's Postgres is."""

    what: str
    availability: str
    backup: str
    encryption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheFacts:
    """What a platform's Redis is."""

    what: str
    availability: str
    encryption: str


NO_STORE = "none: the stack makes none"
NO_DATABASE = DatabaseFacts(what=NO_STORE, availability=NO_STORE, backup=NO_STORE, encryption=NO_STORE)
NO_CACHE = CacheFacts(what=NO_STORE, availability=NO_STORE, encryption=NO_STORE)
NO_SECRETS = "none: it names none"
NOTHING_BETWEEN = "none: nothing stands between it and its callers"
NO_ALERTS = "none: nothing watches"


def missing(field: str, target: Target) -> str:
    """Why a platform does not have it, in the ledger's words."""
    return f"none: {LEDGER[field][target].note}"


def facts(
    workloads: Mapping[str, WorkloadFacts],
    database: DatabaseFacts,
    cache: CacheFacts,
    *,
    logs_kept: str,
    alerts: str,
) -> Facts:
    """All of it, from its parts."""
    return Facts(
        workloads=workloads,
        stack=StackFacts(
            database=database.what,
            database_availability=database.availability,
            database_backup=database.backup,
            database_encryption=database.encryption,
            cache=cache.what,
            cache_availability=cache.availability,
            cache_encryption=cache.encryption,
            logs_kept=logs_kept,
            alerts=alerts,
        ),
    )


def of_each(
    graph: Graph, component: str, read: Callable[[Graph, str], WorkloadFacts]
) -> dict[str, WorkloadFacts]:
    """The facts of every workload: each is one component."""
    return {name: read(graph, name) for name in graph.names(component)}


def probe_seconds(probe: Body) -> str:
    """How long one of Kubernetes' probes, or Cloud Run's, bears no answer."""
    return f"{probe['failureThreshold'] * probe['periodSeconds']} s"


def limit_and_request(limit: str, request: str) -> str:
    """What a replica gets at most, and what of it is set aside, where that is less."""
    return limit if limit == request else f"{limit}, {request} set aside"


def listed(each: Iterable[str]) -> str:
    """In a row, in order, each once."""
    return ", ".join(sorted(set(each)))


def version(image: str) -> str:
    """What its tag says first: `18.1` of `postgres:18.1-alpine@sha256:…`."""
    return image.partition("@")[0].rpartition(":")[2].partition("-")[0]


def retention(days: int) -> str:
    """As in `30 days`."""
    return f"{days} day" if days == 1 else f"{days} days"


def number(value: float) -> str:
    """Without a power of ten, however large."""
    return f"{value:.0f}" if float(value).is_integer() else f"{value:g}"
