"""A stack on any conformant Kubernetes cluster, or written as manifests. Chooses nothing."""

from collections.abc import Mapping

import pulumi
import pulumi_kubernetes as k8s

from infra.endpoint import Endpoint
from infra.kubernetes.namespace import Namespace, NamespaceArgs
from infra.kubernetes.network_policy import neighbours
from infra.kubernetes.service import url_in_cluster
from infra.kubernetes.workload import KubernetesWorkload, KubernetesWorkloadArgs, way_in
from infra.variables import variables
from stacks.images import images
from stacks.stack_file import Settings


def deploy_to_kubernetes(settings: Settings, secrets: Mapping[str, pulumi.Output[str]]) -> Endpoint:
    """Declares a namespace and the workloads in it, in the cluster of the kubeconfig."""
    provider = k8s.Provider(
        "kubernetes",
        context=settings.kubernetes_context,
        render_yaml_to_directory=settings.kubernetes.render_to,
    )
    return deploy_in_cluster(settings, secrets, pulumi.ResourceOptions(provider=provider))


def deploy_in_cluster(
    settings: Settings, secrets: Mapping[str, pulumi.Output[str]], opts: pulumi.ResourceOptions
) -> Endpoint:
    """The same in the cluster of `opts`."""
    block = settings.kubernetes
    namespace = Namespace("namespace", NamespaceArgs(name=block.namespace), opts)
    inside = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[namespace]))
    image_of = images(settings)
    workloads = {
        name: KubernetesWorkload(
            name,
            KubernetesWorkloadArgs(
                workload=workload,
                namespace=block.namespace,
                image=image_of[name].reference,
                variables=variables(
                    workload,
                    environment=settings.environment,
                    url_of=lambda callee: url_in_cluster(callee, block.namespace),
                    secrets=secrets,
                ),
                neighbours=neighbours(
                    name,
                    settings.workloads,
                    ingress_namespace=block.ingress_namespace if settings.domain else None,
                    monitoring_namespace=block.monitoring_namespace,
                ),
                way_in=way_in(
                    workload,
                    settings.domain,
                    ingress_class=block.ingress_class,
                    cluster_issuer=block.cluster_issuer,
                ),
            ),
            inside,
        )
        for name, workload in settings.workloads.items()
    }
    return Endpoint(
        urls={name: workloads[name].url for name, workload in settings.workloads.items() if workload.public},
        images={name: image.reference for name, image in image_of.items()},
    )
