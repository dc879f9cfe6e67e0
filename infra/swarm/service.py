"""A program as a service of the Swarm: where it runs, who reaches it, how it is replaced. Chooses nothing.

Names lead to the tasks' own addresses (dnsrr), not to a virtual one: the load balancer behind a virtual
address forgets connections that are idle for 15 minutes, which a pool of a database notices, and an edge that
knows the tasks can ask each how it is. https://docs.docker.com/engine/swarm/networking/
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import pulumi
import pulumi_docker as docker

from infra.swarm.names import STACK_LABEL, physical_name
from infra.swarm.program import Program, container_spec, log_driver, resources

Order: TypeAlias = Literal["start-first", "stop-first"]
RESTART_SECONDS = 2
CONVERGE_SECONDS = 60
"""For what takes time beside starting: pulling an image above all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """How a program runs."""

    namespace: str
    program: Program
    replicas: int | None
    """None: one on each node that the constraints allow."""
    networks: Mapping[str, pulumi.Input[str]]
    """Ids by name; the service has its own short name on each."""
    constraints: tuple[str, ...] = ()
    labels: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    order: Order = "stop-first"
    """Where two may run beside each other, start-first: nobody waits."""
    ports: Mapping[int, int] = field(default_factory=dict[int, int])
    """Ports of the container by those of the node it runs on, past the ingress mesh: it hides who asks."""


def declare_service(name: str, running: Running, opts: pulumi.ResourceOptions) -> docker.Service:
    """The service."""
    labels = {STACK_LABEL: running.namespace, **running.labels}
    return docker.Service(
        name,
        name=physical_name(running.namespace, name),
        labels=[docker.ServiceLabelArgs(label=label, value=value) for label, value in labels.items()],
        task_spec=task_spec(name, running),
        mode=mode(running.replicas),
        endpoint_spec=endpoint_spec(running.ports),
        update_config=update_config(running),
        rollback_config=rollback_config(running),
        converge_config=converge_config(running),
        opts=opts,
    )


def task_spec(name: str, running: Running) -> docker.ServiceTaskSpecArgs:
    """Its tasks, spread over the zones that nodes are labelled with, and over nodes."""
    advanced = docker.ServiceTaskSpecNetworksAdvancedArgs
    return docker.ServiceTaskSpecArgs(
        container_spec=container_spec(running.namespace, running.program),
        resources=resources(running.program),
        restart_policy=docker.ServiceTaskSpecRestartPolicyArgs(
            condition="any", delay=f"{RESTART_SECONDS}s", max_attempts=0, window="0s"
        ),
        placement=docker.ServiceTaskSpecPlacementArgs(
            constraints=list(running.constraints) or None, prefs=["node.labels.zone"]
        ),
        networks_advanceds=[advanced(id=each, aliases=[name]) for each in running.networks.values()],
        log_driver=log_driver(),
    )


def mode(replicas: int | None) -> docker.ServiceModeArgs:
    """So many, or one a node."""
    if replicas is None:
        return docker.ServiceModeArgs(global_=True)
    return docker.ServiceModeArgs(replicated=docker.ServiceModeReplicatedArgs(replicas=replicas))


def endpoint_spec(ports: Mapping[int, int]) -> docker.ServiceEndpointSpecArgs:
    """Met by the tasks' addresses."""
    port = docker.ServiceEndpointSpecPortArgs
    return docker.ServiceEndpointSpecArgs(
        mode="dnsrr",
        ports=[
            port(target_port=target, published_port=published, publish_mode="host", protocol="tcp")
            for published, target in ports.items()
        ]
        or None,
    )


def monitor_seconds(running: Running) -> int:
    """How long a new task is watched: as long as its check needs to notice that it fails."""
    return running.program.check.notice_seconds if running.program.check else CONVERGE_SECONDS


def update_config(running: Running) -> docker.ServiceUpdateConfigArgs:
    """One task at a time; the first that fails takes all of them back."""
    return docker.ServiceUpdateConfigArgs(
        parallelism=1,
        delay="0s",
        order=running.order,
        failure_action="rollback",
        monitor=f"{monitor_seconds(running)}s",
        max_failure_ratio="0.0",
    )


def rollback_config(running: Running) -> docker.ServiceRollbackConfigArgs:
    """The way back, one task at a time too."""
    return docker.ServiceRollbackConfigArgs(
        parallelism=1,
        delay="0s",
        order=running.order,
        failure_action="pause",
        monitor=f"{monitor_seconds(running)}s",
        max_failure_ratio="0.0",
    )


def converge_config(running: Running) -> docker.ServiceConvergeConfigArgs | None:
    """How long a deployment waits until all tasks run; with one task a node, the provider waits for none."""
    if running.replicas is None:
        return None
    check = running.program.check
    one = (check.start_seconds + check.notice_seconds if check else 0) + running.program.stop_seconds
    total = one * running.replicas + monitor_seconds(running) + CONVERGE_SECONDS
    return docker.ServiceConvergeConfigArgs(delay="5s", timeout=f"{total}s")
