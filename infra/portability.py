"""What each platform makes of each field of the specification, so that nothing is lost silently. Pure.

Every leaf of Workload, Postgres, Redis and Slo has one verdict for each target; a leaf that is missing here
fails `test_every_field_is_decided_on_every_target`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from infra.model import Model
from infra.workload import Datastore

Target: TypeAlias = Literal["aws", "gcp", "kubernetes"]
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
    *, aws: Verdict = NATIVE, gcp: Verdict = NATIVE, kubernetes: Verdict = NATIVE
) -> Mapping[Target, Verdict]:
    return {"aws": aws, "gcp": gcp, "kubernetes": kubernetes}


def _emulated(how: str) -> Verdict:
    return Verdict("emulated", how)


def _approximated(lost: str) -> Verdict:
    return Verdict("approximated", lost)


def _unsupported(why: str) -> Verdict:
    return Verdict("unsupported", why)


_ROUNDED = _emulated("rounded up to a size that is sold; the deployment says to which")
_NO_REQUESTS = _approximated("all of the limit is set aside: the platform knows no smaller request")
_NOT_MADE = _unsupported("no data store is made here: set external, and its URL as a secret")
_LAST_WEEK = _emulated("a backup each day is kept so long; any second of the last 7 days can be restored")
_WHOLE_GIB = _emulated("rounded up to whole GiB; 5 at least with two copies or more")
_NO_ALERTS = _unsupported("no alert is made from it here")

LEDGER: Mapping[str, Mapping[Target, Verdict]] = {
    "workload.image": _on(),
    "workload.command": _on(),
    "workload.port": _on(),
    "workload.public": _on(),
    "workload.cpu_millicores": _on(aws=_ROUNDED, gcp=_ROUNDED),
    "workload.cpu_request_millicores": _on(aws=_NO_REQUESTS, gcp=_NO_REQUESTS),
    "workload.memory_mib": _on(aws=_ROUNDED, gcp=_ROUNDED),
    "workload.memory_request_mib": _on(aws=_NO_REQUESTS, gcp=_NO_REQUESTS),
    "workload.scaling.min_replicas": _on(),
    "workload.scaling.max_replicas": _on(),
    "workload.scaling.cpu_percent": _on(),
    "workload.scaling.memory_percent": _on(gcp=_unsupported("Cloud Run does not scale on memory")),
    "workload.scaling.concurrency": _on(
        aws=_unsupported("nothing limits the requests of one task: limit them in the server"),
        kubernetes=_unsupported("nothing limits the requests of one pod: limit them in the server"),
    ),
    "workload.health.liveness_path": _on(aws=_emulated("a command inside the container asks the path")),
    "workload.health.readiness_path": _on(
        gcp=_approximated("asked until an instance has started, not afterwards"),
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
        kubernetes=_approximated("kept by the ingress class nginx once a domain is set; by nothing else"),
    ),
    "workload.drain_seconds": _on(
        gcp=_approximated("Cloud Run ends an instance 10 s after it was told to stop")
    ),
    "workload.environment": _on(),
    "workload.secrets": _on(),
    "workload.uses": _on(),
    "workload.calls": _on(
        gcp=_emulated("the caller's service account may invoke; each call carries its identity token"),
    ),
    "postgres.external": _on(),
    "postgres.version": _on(aws=_NOT_MADE, kubernetes=_NOT_MADE),
    "postgres.storage_gib": _on(aws=_NOT_MADE, kubernetes=_NOT_MADE),
    "postgres.max_storage_gib": _on(aws=_NOT_MADE, kubernetes=_NOT_MADE),
    "postgres.highly_available": _on(aws=_NOT_MADE, kubernetes=_NOT_MADE),
    "postgres.backup_days": _on(aws=_NOT_MADE, gcp=_LAST_WEEK, kubernetes=_NOT_MADE),
    "redis.external": _on(),
    "redis.memory_mib": _on(aws=_NOT_MADE, gcp=_WHOLE_GIB, kubernetes=_NOT_MADE),
    "redis.replicas": _on(aws=_NOT_MADE, kubernetes=_NOT_MADE),
    "slo.availability_percent": _on(aws=_NO_ALERTS, kubernetes=_NO_ALERTS),
    "slo.p95_milliseconds": _on(aws=_NO_ALERTS, kubernetes=_NO_ALERTS),
}


def is_made(store: Datastore, target: Target) -> bool:
    """Whether a target makes a data store itself, or only takes an external one."""
    field = {"postgres": "postgres.version", "redis": "redis.memory_mib"}[store]
    return LEDGER[field][target] is not _NOT_MADE


@dataclass(frozen=True, slots=True)
class Loss:
    """A field that was set, and of which less than its meaning arrives."""

    path: tuple[str, ...]
    """Keys as they stand in the stack file."""
    verdict: Verdict


def losses(root: str, model: Model, target: Target, path: tuple[str, ...]) -> Iterator[Loss]:
    """What `target` loses of the fields that were set in `model`; `root` is its name in the ledger."""
    for name in sorted(model.model_fields_set):
        value = cast("object", getattr(model, name))
        key = (*path, str(type(model).model_fields[name].alias))
        if isinstance(value, Model):
            yield from losses(f"{root}.{name}", value, target, key)
        elif value is not None and LEDGER[f"{root}.{name}"][target].is_loss:
            yield Loss(key, LEDGER[f"{root}.{name}"][target])
