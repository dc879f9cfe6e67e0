"""What a Cloud Run service runs. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

import pulumi
from pulumi_gcp import cloudrunv2 as run

from infra.gcp.cloud_run_size import cloud_run_size
from infra.gcp.secrets import SecretReference
from infra.workload import Health, Scaling, Workload

DEFAULT_MAX_INSTANCES = 100
STARTUP_PERIOD_SECONDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceTemplateArgs:
    """What a revision is made of."""

    workload: Workload
    image: pulumi.Input[str]
    environment: Mapping[str, pulumi.Input[str]]
    secrets: Mapping[str, SecretReference]
    """By the variable's name."""
    service_account_email: pulumi.Input[str]
    subnet_id: pulumi.Input[str]
    labels: Mapping[str, str]


def service_template(args: ServiceTemplateArgs) -> run.ServiceTemplateArgs:
    """A revision: second generation, its CPU its own also between requests."""
    workload = args.workload
    return run.ServiceTemplateArgs(
        labels=dict(args.labels),
        execution_environment="EXECUTION_ENVIRONMENT_GEN2",
        service_account=args.service_account_email,
        timeout=f"{workload.timeout_seconds}s",
        max_instance_request_concurrency=workload.scaling.concurrency,
        scaling=revision_scaling(workload.scaling),
        vpc_access=vpc_access(workload, args.subnet_id),
        containers=[container(args)],
    )


def container(args: ServiceTemplateArgs) -> run.ServiceTemplateContainerArgs:
    """The revision's one container."""
    workload, size = args.workload, cloud_run_size(args.workload)
    plain = [
        run.ServiceTemplateContainerEnvArgs(name=key, value=args.environment[key])
        for key in sorted(args.environment)
    ]
    return run.ServiceTemplateContainerArgs(
        image=args.image,
        args=list(workload.command) or None,
        ports=run.ServiceTemplateContainerPortsArgs(container_port=workload.port),
        envs=[
            *plain,
            *(secret_variable(key, args.secrets[key]) for key in sorted(args.secrets)),
        ],
        resources=run.ServiceTemplateContainerResourcesArgs(
            limits={"cpu": str(size.cpu), "memory": f"{size.memory_mib}Mi"},
            cpu_idle=False,
            startup_cpu_boost=True,
        ),
        startup_probe=startup_probe(workload.health),
        liveness_probe=liveness_probe(workload.health),
    )


def secret_variable(name: str, secret: SecretReference) -> run.ServiceTemplateContainerEnvArgs:
    """A variable that is read from a version of a secret."""
    reference = run.ServiceTemplateContainerEnvValueSourceSecretKeyRefArgs(
        secret=secret.secret_id, version=secret.version
    )
    return run.ServiceTemplateContainerEnvArgs(
        name=name, value_source=run.ServiceTemplateContainerEnvValueSourceArgs(secret_key_ref=reference)
    )


def revision_scaling(scaling: Scaling) -> run.ServiceTemplateScalingArgs:
    """How many instances run; memory plays no part in it here."""
    return run.ServiceTemplateScalingArgs(
        min_instance_count=scaling.min_replicas,
        max_instance_count=max_instances(scaling),
        cpu_utilization=scaling.cpu_percent / 100,
    )


def max_instances(scaling: Scaling) -> int:
    """How many run at most; Cloud Run's own default, where nobody said it."""
    return scaling.max_replicas or max(DEFAULT_MAX_INSTANCES, scaling.min_replicas)


def vpc_access(workload: Workload, subnet_id: pulumi.Input[str]) -> run.ServiceTemplateVpcAccessArgs:
    """Through the VPC goes everything of a workload that calls others, since those let nobody else in."""
    return run.ServiceTemplateVpcAccessArgs(
        egress="ALL_TRAFFIC" if workload.calls else "PRIVATE_RANGES_ONLY",
        network_interfaces=[run.ServiceTemplateVpcAccessNetworkInterfaceArgs(subnetwork=subnet_id)],
    )


def startup_probe(health: Health) -> run.ServiceTemplateContainerStartupProbeArgs:
    """Sends nothing to an instance until it says that it is ready: Cloud Run's only gate of that kind.

    Its readiness probes are a preview: https://cloud.google.com/run/docs/configuring/healthchecks
    """
    return run.ServiceTemplateContainerStartupProbeArgs(
        http_get=run.ServiceTemplateContainerStartupProbeHttpGetArgs(path=health.readiness_path),
        period_seconds=STARTUP_PERIOD_SECONDS,
        timeout_seconds=3,
        failure_threshold=ceil(health.start_seconds / STARTUP_PERIOD_SECONDS),
    )


def liveness_probe(health: Health) -> run.ServiceTemplateContainerLivenessProbeArgs:
    """Restarts an instance that is not alive."""
    return run.ServiceTemplateContainerLivenessProbeArgs(
        http_get=run.ServiceTemplateContainerLivenessProbeHttpGetArgs(path=health.liveness_path),
        initial_delay_seconds=30,
        period_seconds=10,
        timeout_seconds=5,
        failure_threshold=3,
    )


def ingress(workload: Workload, *, behind_edge: bool) -> str:
    """Who reaches the service at all, before anyone asks who may invoke it."""
    if not workload.public:
        return "INGRESS_TRAFFIC_INTERNAL_ONLY"
    # A second way in beside the domain would pass the load balancer's rules by.
    return "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER" if behind_edge else "INGRESS_TRAFFIC_ALL"
