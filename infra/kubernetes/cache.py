"""Redis in the cluster: one server that keeps its data over a restart."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

import pulumi
import pulumi_kubernetes as k8s

from infra.datastores import PORT, Redis
from infra.kubernetes.cache_pods import configuration, stateful_set, storage_gib
from infra.kubernetes.database_pods import claim, cluster_service
from infra.kubernetes.labels import metadata
from infra.kubernetes.network_policy import store_policy
from infra.kubernetes.secret import SecretSource


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheArgs:
    """What a cache is made of."""

    redis: Redis
    namespace: str
    clients: Iterable[str]
    """Names of the pods that may connect."""
    secrets: SecretSource
    storage_class: str | None
    """None: the cluster's own choice."""
    protected: bool
    """Whether what holds data may go."""


class Cache(pulumi.ComponentResource):
    """A cache."""

    url: pulumi.Output[str]
    """Where workloads find it, with its password."""

    def __init__(self, name: str, args: CacheArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:kubernetes:Cache", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        meta = metadata(name, args.namespace)
        password = args.secrets.password(name, self)
        secret = args.secrets.declare(f"{name}-secret", meta, {"password": password}, child)
        k8s.core.v1.PersistentVolumeClaim(
            f"{name}-data",
            metadata=meta,
            spec=claim(storage_gib(args.redis), args.storage_class),
            opts=pulumi.ResourceOptions(parent=self, protect=args.protected or None),
        )
        files = configuration(args.redis)
        config = k8s.core.v1.ConfigMap(f"{name}-configuration", metadata=meta, data=files, opts=child)
        policy = k8s.networking.v1.NetworkPolicy(
            f"{name}-policy", metadata=meta, spec=store_policy(name, PORT["redis"], args.clients), opts=child
        )
        k8s.core.v1.Service(
            f"{name}-service", metadata=meta, spec=cluster_service(name, PORT["redis"], "redis"), opts=child
        )
        checksum = sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()
        k8s.apps.v1.StatefulSet(
            name,
            metadata=meta,
            spec=stateful_set(name, args.redis, checksum),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[config, policy, *secret]),
        )
        address = f"{name}.{args.namespace}.svc.cluster.local:{PORT['redis']}"
        self.url = pulumi.Output.secret(password.apply(lambda drawn: f"redis://:{drawn}@{address}/0"))
        self.register_outputs({})
