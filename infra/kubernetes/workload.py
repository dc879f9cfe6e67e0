"""One workload on any conformant cluster."""

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s
from pulumi_kubernetes.apps.v1 import DeploymentSpecArgs, DeploymentStrategyArgs, RollingUpdateDeploymentArgs
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from infra.kubernetes.ingress import ingress, ingress_annotations
from infra.kubernetes.labels import labels, metadata, pods_of
from infra.kubernetes.network_policy import Neighbours, certificate_policy, network_policy
from infra.kubernetes.pod_template import pod_template
from infra.kubernetes.scaling import horizontal_pod_autoscaler, pod_disruption_budget
from infra.kubernetes.service import service, url_in_cluster, url_of_load_balancer
from infra.variables import Variables
from infra.workload import Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class WayIn:
    """How the internet meets a workload by name."""

    domain: str
    ingress_class: str
    cluster_issuer: str


def way_in(
    workload: Workload, domain: str | None, *, ingress_class: str, cluster_issuer: str
) -> WayIn | None:
    """An ingress for a public workload of a stack with a domain."""
    if not (workload.public and domain):
        return None
    return WayIn(domain=domain, ingress_class=ingress_class, cluster_issuer=cluster_issuer)


@dataclass(frozen=True, slots=True, kw_only=True)
class KubernetesWorkloadArgs:
    """What a workload on Kubernetes is made of."""

    workload: Workload
    namespace: str
    image: pulumi.Input[str]
    variables: Variables
    neighbours: Neighbours
    way_in: WayIn | None
    """None: without a domain; a public workload then gets a load balancer of its own."""


class KubernetesWorkload(pulumi.ComponentResource):
    """Deployment, Service, autoscaler, budget and policy of one workload."""

    url: pulumi.Output[str]
    """Where its users meet it: outside when it is public, else inside the cluster."""

    def __init__(
        self, name: str, args: KubernetesWorkloadArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("airfield:kubernetes:KubernetesWorkload", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        workload, meta = args.workload, metadata(name, args.namespace)

        account = k8s.core.v1.ServiceAccount(
            f"{name}-account", metadata=meta, automount_service_account_token=False, opts=child
        )
        config = k8s.core.v1.ConfigMap(
            f"{name}-environment", metadata=meta, data=args.variables.plain, opts=child
        )
        secret = k8s.core.v1.Secret(
            f"{name}-secrets", metadata=meta, string_data=args.variables.secret, type="Opaque", opts=child
        )
        policy = k8s.networking.v1.NetworkPolicy(
            f"{name}-policy", metadata=meta, spec=network_policy(name, workload, args.neighbours), opts=child
        )
        k8s.apps.v1.Deployment(
            name,
            metadata=meta,
            spec=deployment(name, args),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[account, config, secret, policy]),
        )
        k8s.autoscaling.v2.HorizontalPodAutoscaler(
            f"{name}-autoscaler",
            metadata=meta,
            spec=horizontal_pod_autoscaler(name, workload.scaling),
            opts=child,
        )
        k8s.policy.v1.PodDisruptionBudget(
            f"{name}-budget", metadata=meta, spec=pod_disruption_budget(name), opts=child
        )
        met_directly = workload.public and args.way_in is None
        front = k8s.core.v1.Service(
            f"{name}-service", metadata=meta, spec=service(name, load_balanced=met_directly), opts=child
        )
        inside = url_in_cluster(name, args.namespace)
        self.url = front.status.apply(lambda status: url_of_load_balancer(status) or inside)
        if args.way_in:
            self.url = self._ingress(name, args, args.way_in)
        self.register_outputs({"url": self.url})

    def _ingress(self, name: str, args: KubernetesWorkloadArgs, way_in: WayIn) -> pulumi.Output[str]:
        annotations = ingress_annotations(args.workload, way_in.cluster_issuer, way_in.ingress_class)
        k8s.networking.v1.Ingress(
            f"{name}-ingress",
            metadata=metadata(name, args.namespace, annotations),
            spec=ingress(name, way_in.domain, way_in.ingress_class),
            opts=pulumi.ResourceOptions(parent=self),
        )
        if args.neighbours.ingress_namespace:
            solver = f"{name}-certificate"
            k8s.networking.v1.NetworkPolicy(
                solver,
                metadata=ObjectMetaArgs(name=solver, namespace=args.namespace, labels=labels(name)),
                spec=certificate_policy(args.neighbours.ingress_namespace),
                opts=pulumi.ResourceOptions(parent=self),
            )
        return pulumi.Output.from_input(f"https://{way_in.domain}")


def deployment(name: str, args: KubernetesWorkloadArgs) -> DeploymentSpecArgs:
    """The Deployment of a workload; it names no replicas, since the autoscaler owns their number.

    https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling
    """
    return DeploymentSpecArgs(
        selector=pods_of(name),
        strategy=DeploymentStrategyArgs(
            type="RollingUpdate",
            rolling_update=RollingUpdateDeploymentArgs(max_unavailable=1, max_surge=1),
        ),
        revision_history_limit=10,
        template=pod_template(name, args.workload, args.image, args.variables),
    )
