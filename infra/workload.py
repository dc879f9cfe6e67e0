"""What we run, in words that every platform understands. Knows no platform."""

from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from typing import Annotated, Literal

from pydantic import Field

from infra.model import Matching, Model

MAX_NAME_LENGTH = 24
"""The tightest limit, AWS's 32 characters of a target group, less the 8 of the suffix that Pulumi adds.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
"""


WorkloadName = Annotated[
    str,
    Field(max_length=MAX_NAME_LENGTH),
    Matching("[a-z]([a-z0-9-]*[a-z0-9])?", "lower-case letters, digits and hyphens, a letter first"),
]
VariableName = Annotated[str, Matching("[A-Z][A-Z0-9_]*", "capitals, digits and underscores, a letter first")]
HttpPath = Annotated[str, Matching("/[A-Za-z0-9._~/-]*", "a path such as /health")]
Datastore = Literal["postgres", "redis"]
Percent = Annotated[int, Field(ge=1, le=100)]


class Scaling(Model):
    """How many replicas run, and what makes it more or fewer."""

    min_replicas: int = Field(default=2, ge=1, le=1000)
    """Replicas that always run."""
    max_replicas: int | None = Field(default=None, ge=1, le=1000)
    """Replicas at most; left out, the platform's own default: 100 on Cloud Run, 10 elsewhere."""
    cpu_percent: int = Field(default=70, ge=10, le=95)
    """Average CPU use that the autoscaler holds, in percent of what a replica asks for."""
    memory_percent: Percent | None = 80
    """Average memory use that the autoscaler holds, in percent of the same; null leaves memory out of it."""
    concurrency: int = Field(default=80, ge=1, le=1000)
    """Requests that one replica serves at once."""

    def contradictions(self) -> Iterator[str]:
        """A range upside down."""
        if self.max_replicas is not None and self.min_replicas > self.max_replicas:
            yield f"minReplicas ({self.min_replicas}) must not exceed maxReplicas ({self.max_replicas})"


class Health(Model):
    """Where a replica says how it is."""

    liveness_path: HttpPath = "/health"
    """Answers 200 while the process works, whatever its dependencies do."""
    readiness_path: HttpPath = "/ready"
    """Answers 200 while requests may be sent here."""
    command: tuple[str, ...] = ()
    """Exits with 0 while alive, for platforms that ask inside the container; empty: a line of Python."""
    start_seconds: int = Field(default=60, ge=10, le=240)
    """How long a replica may take until it is alive."""


class Workload(Model):
    """One container image, run as replicas that answer HTTP on one port."""

    image: str | None = None
    """Its own image; left out, the stack's."""
    command: tuple[str, ...] = ()
    """Replaces the image's command; empty keeps it."""
    migrate: tuple[str, ...] = ()
    """Command that brings the database up to date, before a new image serves; empty: there is none."""
    port: int = Field(default=8000, ge=1024, le=65535)
    """The port it listens on, above 1023, since it does not run as root."""
    public: bool = False
    """Whether the internet may call it."""
    cpu_millicores: int = Field(default=500, ge=100, le=16000)
    """The most CPU a replica gets, in thousandths of a core."""
    cpu_request_millicores: int | None = Field(default=None, ge=10, le=16000)
    """CPU set aside for a replica, where a platform knows the difference; left out, all of it."""
    memory_mib: int = Field(default=512, ge=128, le=122880)
    """The most memory a replica gets."""
    memory_request_mib: int | None = Field(default=None, ge=32, le=122880)
    """Memory set aside for a replica, where a platform knows the difference; left out, all of it."""
    scaling: Scaling = Scaling()
    """How many replicas."""
    health: Health = Health()
    """Where a replica says how it is."""
    metrics_path: HttpPath | None = "/metrics"
    """Where Prometheus reads its metrics; null: nowhere."""
    timeout_seconds: int = Field(default=300, ge=1, le=3600)
    """How long one request may take."""
    drain_seconds: int = Field(default=30, ge=1, le=110)
    """How long a replica may finish its requests after it was told to stop."""
    environment: dict[VariableName, str] = {}
    """Plain variables. What is secret belongs into `secrets`."""
    secrets: tuple[VariableName, ...] = ()
    """Names in airfield:secrets, injected by reference."""
    uses: tuple[Datastore, ...] = ()
    """Data stores of the stack: postgres injects DATABASE_URL, redis injects REDIS_URL."""
    calls: tuple[str, ...] = ()
    """Workloads of the stack that it calls: opens the path and injects OTHER_URL."""

    def contradictions(self) -> Iterator[str]:
        """More set aside than may be used."""
        cpu, memory = self.cpu_request_millicores or 0, self.memory_request_mib or 0
        if cpu > self.cpu_millicores:
            yield f"cpuRequestMillicores ({cpu}) must not exceed cpuMillicores ({self.cpu_millicores})"
        if memory > self.memory_mib:
            yield f"memoryRequestMib ({memory}) must not exceed memoryMib ({self.memory_mib})"


def url_variable(workload_name: str) -> str:
    """The variable that tells a caller where `workload_name` is: `other-workload` → `OTHER_WORKLOAD_URL`."""
    return f"{workload_name.upper().replace('-', '_')}_URL"


def calls(workloads: Mapping[str, Workload]) -> list[tuple[str, str]]:
    """Who calls whom: each caller with each of its callees."""
    return [(caller, callee) for caller, workload in workloads.items() for callee in workload.calls]


def callees_first(workloads: Mapping[str, Workload]) -> list[str]:
    """The workloads' names, each after those that it calls.

    Raises:
        graphlib.CycleError: they call each other in a circle.
    """
    return list(
        TopologicalSorter({name: workload.calls for name, workload in workloads.items()}).static_order()
    )
