"""A server that runs as one pod, as a StatefulSet keeps it, and a command that asks it how it is. Pure."""

from collections.abc import Mapping, Sequence

from pulumi_kubernetes.apps.v1 import StatefulSetSpecArgs
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from infra.kubernetes.labels import labels, pods_of


def single_pod(
    name: str, pod: core.PodSpecArgs, annotations: Mapping[str, str] | None = None
) -> StatefulSetSpecArgs:
    """One pod, and never two of them on one disk; its Service carries its name."""
    return StatefulSetSpecArgs(
        replicas=1,
        service_name=name,
        selector=pods_of(name),
        revision_history_limit=10,
        template=core.PodTemplateSpecArgs(
            metadata=ObjectMetaArgs(labels=labels(name), annotations=annotations), spec=pod
        ),
    )


def asked(command: Sequence[str], *, period_seconds: int, failure_threshold: int) -> core.ProbeArgs:
    """A command inside the container, which exits with 0 while all is well."""
    return core.ProbeArgs(
        exec_=core.ExecActionArgs(command=[*command]),
        period_seconds=period_seconds,
        timeout_seconds=5,
        failure_threshold=failure_threshold,
    )
