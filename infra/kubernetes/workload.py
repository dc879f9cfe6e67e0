"""One workload on any conformant cluster."""

from dataclasses import dataclass, field

import pulumi
import pulumi_kubernetes as k8s
from pulumi_kubernetes.apps.v1 import DeploymentSpecArgs, DeploymentStrategyArgs, RollingUpdateDeploymentArgs

from infra.kubernetes import gateway, traefik
from infra.kubernetes.gateway import GatewayWayIn
from infra.kubernetes.ingress import host_of_load_balancer, ingress, ingress_annotations
from infra.kubernetes.labels import metadata, named, pods_of
from infra.kubernetes.migration import AFTER_THE_JOB, job_name, migration
from infra.kubernetes.network_policy import Neighbours, certificate_policy, job_policy, network_policy
from infra.kubernetes.pod_template import pod_template
from infra.kubernetes.scaling import horizontal_pod_autoscaler, pod_disruption_budget
from infra.kubernetes.secret import SecretSource
from infra.kubernetes.service import service, url_in_cluster, url_of_load_balancer
from infra.variables import Variables
from infra.workload import Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class WayIn:
    """How the internet meets a workload by name, through an ingress controller."""

    domain: str
    ingress_class: str
    cluster_issuer: str
    requests_per_minute: int | None = None
    behind_edge: bool = False
    """Whether the domain leads to something in front of that, which alone may come in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KubernetesWorkloadArgs:
    """What a workload on Kubernetes is made of."""

    workload: Workload
    namespace: str
    image: pulumi.Input[str]
    variables: Variables
    neighbours: Neighbours
    way_in: WayIn | GatewayWayIn | None
    """None: nothing leads there by name."""
    load_balanced: bool = True
    """Whether a public workload without a way in gets a load balancer of its own."""
    secrets: SecretSource = field(default_factory=SecretSource)


class KubernetesWorkload(pulumi.ComponentResource):
    """Deployment, Service, autoscaler, budget and policy of one workload."""

    url: pulumi.Output[str]
    """Where its users meet it: outside when it is public, else inside the cluster."""
    balancer_host: pulumi.Output[str]
    """The name of the load balancer that a cloud made for its Ingress; empty where there is none."""

    def __init__(
        self, name: str, args: KubernetesWorkloadArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("airfield:kubernetes:KubernetesWorkload", name, None, opts)
        self._name, self._args = name, args
        self._child = child = pulumi.ResourceOptions(parent=self)
        workload, meta = args.workload, metadata(name, args.namespace)

        needed = self._needed()
        migrated = self._migration(needed) if workload.migrate else []
        k8s.apps.v1.Deployment(
            name,
            metadata=metadata(name, args.namespace, AFTER_THE_JOB) if workload.migrate else meta,
            spec=deployment(name, args),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*needed, *migrated]),
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
        met_directly = workload.public and args.way_in is None and args.load_balanced
        front = k8s.core.v1.Service(
            f"{name}-service", metadata=meta, spec=service(name, load_balanced=met_directly), opts=child
        )
        inside = url_in_cluster(name, args.namespace)
        self.url = front.status.apply(lambda status: url_of_load_balancer(status) or inside)
        self.balancer_host = pulumi.Output.from_input("")
        match args.way_in:
            case WayIn():
                self.url = self._ingress(args.way_in)
            case GatewayWayIn():
                self.url = self._routes(args.way_in)
            case None:
                pass
        self.register_outputs({"url": self.url})

    def _needed(self) -> list[pulumi.Resource]:
        """What a pod of the workload refers to."""
        name, args, child = self._name, self._args, self._child
        meta = metadata(name, args.namespace)
        return [
            k8s.core.v1.ServiceAccount(
                f"{name}-account", metadata=meta, automount_service_account_token=False, opts=child
            ),
            k8s.core.v1.ConfigMap(
                f"{name}-environment", metadata=meta, data=args.variables.plain, opts=child
            ),
            *args.secrets.declare(f"{name}-secrets", meta, args.variables.secret, child),
            k8s.networking.v1.NetworkPolicy(
                f"{name}-policy",
                metadata=meta,
                spec=network_policy(name, args.workload, args.neighbours),
                opts=child,
            ),
        ]

    def _migration(self, needed: list[pulumi.Resource]) -> list[pulumi.Resource]:
        name, args = self._name, self._args
        job = f"{name}-migrate"
        policy = k8s.networking.v1.NetworkPolicy(
            f"{job}-policy",
            metadata=metadata(job, args.namespace),
            spec=job_policy(job, args.workload.uses, args.neighbours.around.own_stores),
            opts=self._child,
        )
        meta = metadata(job, args.namespace)
        meta.name = job_name(name, args.workload, args.image)
        return [
            k8s.batch.v1.Job(
                job,
                metadata=meta,
                spec=migration(name, args.workload, args.image, args.variables),
                opts=pulumi.ResourceOptions(parent=self, depends_on=[*needed, policy]),
            )
        ]

    def _ingress(self, way_in: WayIn) -> pulumi.Output[str]:
        name, args = self._name, self._args
        annotations = ingress_annotations(
            args.workload,
            way_in.cluster_issuer,
            way_in.ingress_class,
            way_in.requests_per_minute,
            behind_edge=way_in.behind_edge,
        ) | self._middlewares(way_in)
        made = k8s.networking.v1.Ingress(
            f"{name}-ingress",
            metadata=metadata(name, args.namespace, annotations),
            spec=ingress(name, way_in.domain, way_in.ingress_class),
            opts=self._child,
        )
        self.balancer_host = made.status.apply(host_of_load_balancer)
        if args.neighbours.around.ingress_namespace:
            solver = f"{name}-certificate"
            k8s.networking.v1.NetworkPolicy(
                solver,
                metadata=named(name, solver, args.namespace),
                spec=certificate_policy(args.neighbours.around.ingress_namespace),
                opts=self._child,
            )
        return pulumi.Output.from_input(f"https://{way_in.domain}")

    def _middlewares(self, way_in: WayIn) -> dict[str, str]:
        """Declares what Traefik needs beside an Ingress, and says how the Ingress names it."""
        if way_in.ingress_class != "traefik":
            return {}
        name, args = self._name, self._args
        specs = traefik.middlewares(name, way_in.requests_per_minute)
        for own_name, spec in specs.items():
            k8s.apiextensions.CustomResource(
                own_name,
                api_version=traefik.API_VERSION,
                kind="Middleware",
                metadata=named(name, own_name, args.namespace),
                spec=spec,
                opts=self._child,
            )
        return traefik.annotations(args.namespace, specs)

    def _routes(self, way_in: GatewayWayIn) -> pulumi.Output[str]:
        name, args = self._name, self._args
        routes = {
            f"{name}-route": gateway.route(name, args.workload, way_in),
            f"{name}-redirect": gateway.redirect(way_in),
        }
        for own_name, spec in routes.items():
            k8s.apiextensions.CustomResource(
                own_name,
                api_version=gateway.API_VERSION,
                kind="HTTPRoute",
                metadata=named(name, own_name, args.namespace),
                spec=spec,
                opts=self._child,
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
