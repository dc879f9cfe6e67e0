"""The namespace of a stack: Pod Security enforced, and no traffic that nobody allowed."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.core.v1 import LimitRange, ResourceQuota
from pulumi_kubernetes.core.v1 import Namespace as KubernetesNamespace
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import NetworkPolicy

from infra.kubernetes.limits import limit_range, resource_quota
from infra.kubernetes.network_policy import deny_all
from infra.kubernetes.quota import ContainerLimits, Quota

POD_SECURITY = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "audit", "warn")}
"""https://kubernetes.io/docs/concepts/security/pod-security-admission/"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamespaceArgs:
    """What a namespace is made of."""

    name: str
    """Its name in the cluster."""
    quota: Quota
    """What all of it may use."""
    container_limits: ContainerLimits
    """What one container of it may use."""


class Namespace(pulumi.ComponentResource):
    """A namespace in which everything is denied that no workload asks for."""

    name: pulumi.Output[str]

    def __init__(self, name: str, args: NamespaceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:kubernetes:Namespace", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        namespace = KubernetesNamespace(
            name, metadata=ObjectMetaArgs(name=args.name, labels=POD_SECURITY), opts=child
        )
        NetworkPolicy(
            f"{name}-deny-all",
            metadata=ObjectMetaArgs(name="deny-all", namespace=args.name),
            spec=deny_all(),
            opts=pulumi.ResourceOptions(parent=namespace),
        )
        within = pulumi.ResourceOptions(parent=namespace)
        quota, limits = resource_quota(args.quota), limit_range(args.container_limits)
        if quota:
            meta = ObjectMetaArgs(name="quota", namespace=args.name)
            ResourceQuota(f"{name}-quota", metadata=meta, spec=quota, opts=within)
        if limits:
            meta = ObjectMetaArgs(name="limits", namespace=args.name)
            LimitRange(f"{name}-limits", metadata=meta, spec=limits, opts=within)
        self.name = namespace.metadata.apply(lambda metadata: metadata.name or args.name)
        self.register_outputs({"name": self.name})
