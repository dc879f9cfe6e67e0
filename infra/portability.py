"""What each platform makes of each field of the specification, so that nothing is lost silently. Pure.

Every leaf of Workload, Postgres, Redis and Slo has one verdict for each target; a leaf that is missing here
fails `test_every_field_is_decided_on_every_target`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from infra.model import Model

Target: TypeAlias = Literal["aws", "eks", "gcp", "kubernetes", "swarm"]
Status: TypeAlias = Literal["native", "emulated", "approximated", "unsupported"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a target makes of a field."""

    status: Status
    note: str = ""
    """How it is emulated, what is lost, or what to do instead."""

    @property
    def is_loss(self) -> bool:
        """Whether less than the field's meaning arrives."""
        return self.status in {"approximated", "unsupported"}


NATIVE = Verdict("native")


def _on(
    *,
    aws: Verdict = NATIVE,
    eks: Verdict | None = None,
    gcp: Verdict = NATIVE,
    kubernetes: Verdict = NATIVE,
    swarm: Verdict = NATIVE,
) -> Mapping[Target, Verdict]:
    """EKS makes of workloads what any Kubernetes does."""
    return {"aws": aws, "eks": eks or kubernetes, "gcp": gcp, "kubernetes": kubernetes, "swarm": swarm}


def _emulated(how: str) -> Verdict:
    return Verdict("emulated", how)


def _approximated(lost: str) -> Verdict:
    return Verdict("approximated", lost)


def _unsupported(why: str) -> Verdict:
    return Verdict("unsupported", why)


_ROUNDED = _emulated("rounded up to a size that is sold; the deployment says to which")
_NO_REQUESTS = _unsupported("all of the limit is set aside: the platform knows no smaller request")
_LAST_WEEK = _emulated("a backup each day is kept so long; any second of the last 7 days can be restored")
_WHOLE_GIB = _emulated("rounded up to whole GiB; 5 at least with two copies or more")
_NO_JOB = _unsupported("run the command once a release before it is deployed: nothing does that here")
_IN_EACH_TASK = _emulated("every task runs the command before it serves, so it must bear being repeated")
_GROWN = _unsupported("nothing grows by itself: raise storageGib, where the storage class can expand a claim")
_OPERATED = _approximated(
    "one server, restarted elsewhere with its disk; kubernetes.postgresOperator gives standbys"
)
_NIGHTLY = _approximated("restored to a night's dump, one for each day, not to any moment between")
_ALONE = _unsupported("one server, whose append-only file outlives it")
_MONITORED = _approximated(
    "alerts follow it where kubernetes.monitoring is bundled or operator; by default none do"
)
_DAY = _approximated(
    "burn rates look back a day at most: tickets are for thrice the pace in a day, not for it in three days"
)
_NO_AUTOSCALER = _unsupported("Swarm has no autoscaler: minReplicas run; `docker service scale` makes more")
_FILE = _emulated("a file in memory, whose path NAME_FILE holds: Swarm has no secret variables")
_VOLUME = _unsupported("a volume has no size of its own: it takes what the disk of its node has")
_PINNED = _unsupported("one server, on the node that has its volume; name an external one for standbys")
_BUNDLED = _approximated("alerts follow it where swarm.monitoring is bundled")

LEDGER: Mapping[str, Mapping[Target, Verdict]] = {
    "workload.image": _on(),
    "workload.command": _on(),
    "workload.migrate": _on(aws=_IN_EACH_TASK, swarm=_NO_JOB),
    "workload.port": _on(),
    "workload.public": _on(),
    "workload.cpu_millicores": _on(aws=_ROUNDED, gcp=_ROUNDED),
    "workload.cpu_request_millicores": _on(aws=_NO_REQUESTS, gcp=_NO_REQUESTS),
    "workload.memory_mib": _on(aws=_ROUNDED, gcp=_ROUNDED),
    "workload.memory_request_mib": _on(aws=_NO_REQUESTS, gcp=_NO_REQUESTS),
    "workload.scaling.min_replicas": _on(),
    "workload.scaling.max_replicas": _on(swarm=_NO_AUTOSCALER),
    "workload.scaling.cpu_percent": _on(swarm=_NO_AUTOSCALER),
    "workload.scaling.memory_percent": _on(
        gcp=_unsupported("Cloud Run does not scale on memory"), swarm=_NO_AUTOSCALER
    ),
    "workload.scaling.concurrency": _on(
        aws=_approximated("public tasks are added as if each held so many; nothing refuses one more"),
        kubernetes=_unsupported("nothing limits the requests of one pod: limit them in the server"),
        swarm=_unsupported("nothing limits the requests of one task: limit them in the server"),
    ),
    "workload.health.liveness_path": _on(
        aws=_emulated("a command inside the container asks the path"),
        swarm=_emulated("a command inside the container asks the path"),
    ),
    "workload.health.readiness_path": _on(
        gcp=_approximated("asked until an instance has started, not afterwards"),
        swarm=_approximated("asked by the edge: callers inside the stack are led to whatever is alive"),
    ),
    "workload.health.command": _on(
        gcp=_unsupported("Cloud Run asks over HTTP only"),
        kubernetes=_unsupported("the probes ask over HTTP, which says more"),
    ),
    "workload.health.start_seconds": _on(),
    "workload.metrics_path": _on(
        aws=_unsupported("nothing scrapes here; CloudWatch has the platform's metrics"),
        gcp=_unsupported("nothing scrapes here; Cloud Monitoring has the platform's metrics"),
    ),
    "workload.timeout_seconds": _on(
        aws=_approximated("ends idle connections; a response that keeps sending may take longer"),
        kubernetes=_approximated(
            "kept with a domain by a Gateway and the ingress classes nginx and haproxy; by no other"
        ),
        swarm=_approximated("how long the edge waits for a response to begin; it may then take longer"),
    ),
    "workload.drain_seconds": _on(
        gcp=_unsupported("Cloud Run ends an instance 10 s after it was told to stop")
    ),
    "workload.environment": _on(),
    "workload.secrets": _on(swarm=_FILE),
    "workload.uses": _on(swarm=_FILE),
    "workload.calls": _on(
        gcp=_emulated("the caller's service account may invoke; each call carries its identity token"),
        swarm=_emulated("a network for the two of them, on which either may open any port of the other"),
    ),
    "postgres.external": _on(),
    "postgres.version": _on(),
    "postgres.storage_gib": _on(swarm=_VOLUME),
    "postgres.max_storage_gib": _on(eks=NATIVE, kubernetes=_GROWN, swarm=_VOLUME),
    "postgres.highly_available": _on(eks=NATIVE, kubernetes=_OPERATED, swarm=_PINNED),
    "postgres.backup_days": _on(eks=NATIVE, gcp=_LAST_WEEK, kubernetes=_NIGHTLY, swarm=_NIGHTLY),
    "redis.external": _on(),
    "redis.memory_mib": _on(aws=_ROUNDED, eks=_ROUNDED, gcp=_WHOLE_GIB),
    "redis.replicas": _on(eks=NATIVE, kubernetes=_ALONE, swarm=_ALONE),
    "slo.availability_percent": _on(gcp=_DAY, kubernetes=_MONITORED, swarm=_BUNDLED),
    "slo.p95_milliseconds": _on(gcp=_DAY, kubernetes=_MONITORED, swarm=_BUNDLED),
}


@dataclass(frozen=True, slots=True)
class Loss:
    """A field that was set, and of which less than its meaning arrives."""

    path: tuple[str, ...]
    """Keys as they stand in the stack file."""
    verdict: Verdict


def losses(root: str, model: Model, target: Target, path: tuple[str, ...]) -> Iterator[Loss]:
    """What `target` loses of the fields that were set in `model`; `root` is its name in the ledger.

    A value that asks for nothing, as false or 0, loses nothing.
    """
    for name in sorted(model.model_fields_set):
        value = cast("object", getattr(model, name))
        key = (*path, str(type(model).model_fields[name].alias))
        if isinstance(value, Model):
            yield from losses(f"{root}.{name}", value, target, key)
        elif value and LEDGER[f"{root}.{name}"][target].is_loss:
            yield Loss(key, LEDGER[f"{root}.{name}"][target])
