"""The pods of a workload, hardened to Pod Security "restricted". Pure.

https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

import json
from hashlib import sha256
from math import ceil

import pulumi
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from infra.kubernetes.hardening import container_security, pod_security
from infra.kubernetes.labels import labels, pods_of
from infra.variables import Variables
from infra.workload import Health, Workload

USER_ID = 1000
"""The image's user."""
GROUP_ID_OF_VOLUMES = 2000
PRE_STOP_SECONDS = 5
"""How long a pod still serves after it was told to stop, until every proxy has taken it off its list."""
STARTUP_PERIOD_SECONDS = 5


def pod_template(
    name: str,
    workload: Workload,
    image: pulumi.Input[str],
    variables: Variables,
) -> core.PodTemplateSpecArgs:
    """The pod template of a workload, whose ConfigMap, Secret and ServiceAccount carry its name."""
    return core.PodTemplateSpecArgs(
        metadata=ObjectMetaArgs(
            labels=labels(name),
            annotations={"airfield/checksum": checksum(variables), **scrape_annotations(workload)},
        ),
        spec=pod_spec(name, workload, [container(name, workload, image, variables)]),
    )


def pod_spec(name: str, workload: Workload, containers: list[core.ContainerArgs]) -> core.PodSpecArgs:
    """A pod of the workload, around its container."""
    return core.PodSpecArgs(
        service_account_name=name,
        automount_service_account_token=False,
        enable_service_links=False,
        termination_grace_period_seconds=PRE_STOP_SECONDS + workload.drain_seconds,
        security_context=pod_security(USER_ID, USER_ID, GROUP_ID_OF_VOLUMES),
        node_selector={"kubernetes.io/os": "linux"},
        topology_spread_constraints=[
            spread(name, "topology.kubernetes.io/zone"),
            spread(name, "kubernetes.io/hostname"),
        ],
        containers=containers,
        volumes=[core.VolumeArgs(name="tmp", empty_dir=core.EmptyDirVolumeSourceArgs())],
    )


def container(
    name: str, workload: Workload, image: pulumi.Input[str], variables: Variables
) -> core.ContainerArgs:
    """The workload's one container."""
    return core.ContainerArgs(
        name=name,
        image=image,
        args=list(workload.command) or None,
        ports=[core.ContainerPortArgs(name="http", container_port=workload.port, protocol="TCP")],
        env_from=[core.EnvFromSourceArgs(config_map_ref=core.ConfigMapEnvSourceArgs(name=name))],
        env=[secret_variable(variable, secret_name=name) for variable in variables.secret] or None,
        resources=resources(workload),
        startup_probe=startup_probe(workload.health),
        liveness_probe=liveness_probe(workload.health),
        readiness_probe=readiness_probe(workload.health),
        lifecycle=core.LifecycleArgs(
            pre_stop=core.LifecycleHandlerArgs(sleep=core.SleepActionArgs(seconds=PRE_STOP_SECONDS))
        ),
        security_context=container_security(),
        volume_mounts=[core.VolumeMountArgs(name="tmp", mount_path="/tmp")],  # noqa: S108  the image's scratch
    )


def secret_variable(variable: str, secret_name: str) -> core.EnvVarArgs:
    """A variable that is read from the key of the same name of a Secret."""
    reference = core.SecretKeySelectorArgs(name=secret_name, key=variable)
    return core.EnvVarArgs(name=variable, value_from=core.EnvVarSourceArgs(secret_key_ref=reference))


def resources(workload: Workload) -> core.ResourceRequirementsArgs:
    """What a pod may use, and what is set aside for it: all of that, unless the workload asks for less."""
    return core.ResourceRequirementsArgs(
        requests={
            "cpu": f"{workload.cpu_request_millicores or workload.cpu_millicores}m",
            "memory": f"{workload.memory_request_mib or workload.memory_mib}Mi",
        },
        limits={"cpu": f"{workload.cpu_millicores}m", "memory": f"{workload.memory_mib}Mi"},
    )


def startup_probe(health: Health) -> core.ProbeArgs:
    """Holds the other probes back until the pod is alive, or restarts it after `start_seconds`."""
    return core.ProbeArgs(
        http_get=core.HTTPGetActionArgs(path=health.liveness_path, port="http"),
        period_seconds=STARTUP_PERIOD_SECONDS,
        timeout_seconds=5,
        failure_threshold=ceil(health.start_seconds / STARTUP_PERIOD_SECONDS),
    )


def liveness_probe(health: Health) -> core.ProbeArgs:
    """Restarts a pod that is not alive."""
    return core.ProbeArgs(
        http_get=core.HTTPGetActionArgs(path=health.liveness_path, port="http"),
        initial_delay_seconds=30,
        period_seconds=10,
        timeout_seconds=5,
        failure_threshold=3,
    )


def readiness_probe(health: Health) -> core.ProbeArgs:
    """Sends requests only to a pod that is ready."""
    return core.ProbeArgs(
        http_get=core.HTTPGetActionArgs(path=health.readiness_path, port="http"),
        initial_delay_seconds=5,
        period_seconds=5,
        timeout_seconds=3,
        failure_threshold=3,
    )


def spread(name: str, topology_key: str) -> core.TopologySpreadConstraintArgs:
    """Spreads the pods where there is a choice; never keeps one from starting."""
    return core.TopologySpreadConstraintArgs(
        max_skew=1,
        topology_key=topology_key,
        when_unsatisfiable="ScheduleAnyway",
        label_selector=pods_of(name),
    )


def scrape_annotations(workload: Workload) -> dict[str, str]:
    """What a Prometheus with pod discovery looks for."""
    if workload.metrics_path is None:
        return {}
    return {
        "prometheus.io/scrape": "true",
        "prometheus.io/port": str(workload.port),
        "prometheus.io/path": workload.metrics_path,
    }


def checksum(variables: Variables) -> pulumi.Output[str]:
    """Follows every value, so that a changed one makes new pods and an unchanged one does not."""
    values = pulumi.Output.all(plain=variables.plain, secret=variables.secret)
    return values.apply(lambda resolved: sha256(json.dumps(resolved, sort_keys=True).encode()).hexdigest())
