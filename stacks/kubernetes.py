"""A stack on any conformant Kubernetes cluster, or written as manifests. Chooses nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from infra.endpoint import Endpoint
from infra.kubernetes.namespace import Namespace, NamespaceArgs
from infra.kubernetes.network_policy import Surroundings, neighbours
from infra.kubernetes.service import url_in_cluster
from infra.kubernetes.workload import KubernetesWorkload, KubernetesWorkloadArgs
from infra.variables import variables
from stacks.images import images
from stacks.kubernetes_edge import edge_namespace, is_met_directly, way_in
from stacks.kubernetes_monitoring import deploy_monitoring, prometheus_namespace, trace_receivers, tracing
from stacks.kubernetes_stores import deploy_stores, own_stores, secret_source, store_secrets
from stacks.stack_file import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class InCluster:
    """What a stack comes to in a cluster."""

    endpoint: Endpoint
    balancer_hosts: Mapping[str, pulumi.Output[str]]
    """The name of the load balancer of each workload's Ingress; empty where no cloud made one."""


def deploy_to_kubernetes(settings: Settings, secrets: Mapping[str, pulumi.Output[str]]) -> Endpoint:
    """Declares a namespace and all that is in it, in the cluster of the kubeconfig or as manifests."""
    provider = k8s.Provider(
        "kubernetes",
        context=settings.kubernetes_context,
        render_yaml_to_directory=settings.kubernetes.render_to,
        # Changed in place: a replaced one, under its fixed name, is away while pods may start.
        enable_config_map_mutable=True,
        enable_secret_mutable=True,
    )
    place = {"target": "kubernetes", "context": settings.kubernetes_context or ""}
    return deploy_in_cluster(settings, secrets, place, pulumi.ResourceOptions(provider=provider)).endpoint


def deploy_in_cluster(
    settings: Settings,
    secrets: Mapping[str, pulumi.Output[str]],
    place: Mapping[str, pulumi.Input[str]],
    opts: pulumi.ResourceOptions,
) -> InCluster:
    """The same in the cluster of `opts`, which `place` names for whoever asks it what it serves."""
    block = settings.kubernetes
    namespace = Namespace(
        "namespace",
        NamespaceArgs(name=block.namespace, quota=block.quota, container_limits=block.container_limits),
        opts,
    )
    inside = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[namespace]))
    source = secret_source(settings)
    stores = deploy_stores(settings, source, inside)
    deploy_monitoring(settings, source, secrets, inside)
    around = Surroundings(
        ingress_namespace=edge_namespace(settings),
        monitoring_namespace=prometheus_namespace(block),
        own_stores=own_stores(settings),
        receivers=trace_receivers(block),
    )
    image_of = images(settings)
    workloads = {
        name: KubernetesWorkload(
            name,
            KubernetesWorkloadArgs(
                workload=workload,
                namespace=block.namespace,
                image=image_of[name].reference,
                variables=variables(
                    tracing(workload, settings),
                    environment=settings.environment,
                    url_of=lambda callee: url_in_cluster(callee, block.namespace),
                    secrets=store_secrets(settings, secrets, stores),
                ),
                neighbours=neighbours(name, settings.workloads, around),
                way_in=way_in(workload, settings),
                load_balanced=is_met_directly(settings),
                secrets=source,
            ),
            pulumi.ResourceOptions.merge(
                inside, pulumi.ResourceOptions(depends_on=[namespace, *stores.values()])
            ),
        )
        for name, workload in settings.workloads.items()
    }
    endpoint = Endpoint(
        urls={name: workloads[name].url for name, workload in settings.workloads.items() if workload.public},
        images={name: image.reference for name, image in image_of.items()},
        services={
            name: {**place, "namespace": block.namespace, "deployment": name} for name in settings.workloads
        },
    )
    hosts = {name: workload.balancer_host for name, workload in workloads.items()}
    return InCluster(endpoint=endpoint, balancer_hosts=hosts)
