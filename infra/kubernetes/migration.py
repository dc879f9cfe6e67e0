"""A workload's migration: a job that ends before the pods that need it are replaced. Pure."""

from __future__ import annotations

from hashlib import sha256

import pulumi
import pulumi_kubernetes as k8s
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from infra.kubernetes.labels import labels
from infra.kubernetes.pod_template import container, pod_spec
from infra.variables import Variables
from infra.workload import Workload

PATIENCE_SECONDS = 600
AFTER_THE_JOB = {"argocd.argoproj.io/sync-wave": "1"}
"""Argo CD goes on to a Deployment of this wave once the job, which is of wave 0, has succeeded."""


SHAPES_THE_POD = {
    "migrate",
    "cpu_millicores",
    "cpu_request_millicores",
    "memory_mib",
    "memory_request_mib",
    "drain_seconds",
    "secrets",
    "uses",
}
"""What a job's pod is made of beside the image. No cluster changes a job's pod, so that is another job."""


def job_name(name: str, workload: Workload, image: pulumi.Input[str]) -> pulumi.Output[str]:
    """Follows the image, so that each release runs its migration once, and what else its pod is made of."""
    shape = workload.model_dump_json(include=SHAPES_THE_POD)
    return pulumi.Output.from_input(image).apply(
        lambda reference: f"{name}-migrate-{sha256(f'{reference} {shape}'.encode()).hexdigest()[:8]}"
    )


def migration(
    name: str, workload: Workload, image: pulumi.Input[str], variables: Variables
) -> k8s.batch.v1.JobSpecArgs:
    """Runs the command in the workload's own pod, which nobody calls and which is asked nothing."""
    pod = pod_spec(name, workload, [job_container(name, workload, image, variables)])
    pod.restart_policy, pod.topology_spread_constraints = "Never", None
    return k8s.batch.v1.JobSpecArgs(
        backoff_limit=3,
        active_deadline_seconds=PATIENCE_SECONDS,
        template=core.PodTemplateSpecArgs(
            metadata=ObjectMetaArgs(labels=labels(f"{name}-migrate")), spec=pod
        ),
    )


def job_container(
    name: str, workload: Workload, image: pulumi.Input[str], variables: Variables
) -> core.ContainerArgs:
    """The workload's container, with another command and without what a server has."""
    served = container(name, workload, image, variables)
    served.args, served.ports, served.lifecycle = list(workload.migrate), None, None
    served.startup_probe = served.liveness_probe = served.readiness_probe = None
    return served
