"""PostgreSQL in the cluster: one server of our own, or an operator's cluster, and a dump every night."""

from collections.abc import Iterable
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from infra.datastores import PORT, Postgres
from infra.kubernetes import cloudnative_pg
from infra.kubernetes.database_backup import backup, restore
from infra.kubernetes.database_pods import claim, cluster_service, stateful_set
from infra.kubernetes.labels import metadata, named, selector
from infra.kubernetes.network_policy import job_policy, store_policy
from infra.kubernetes.secret import SecretSource
from infra.pinned_images import POSTGRES
from infra.postgres_server import OWNER, PREPARATION


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseArgs:
    """What a database is made of."""

    postgres: Postgres
    namespace: str
    clients: Iterable[str]
    """Names of the pods that may connect."""
    secrets: SecretSource
    by_operator: bool
    """Whether CloudNativePG runs it."""
    storage_class: str | None
    """None: the cluster's own choice."""
    protected: bool
    """Whether what holds data may go."""


class Database(pulumi.ComponentResource):
    """A database, and what saves it."""

    url: pulumi.Output[str]
    """Where workloads find it, with the password of its owner."""

    def __init__(self, name: str, args: DatabaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:kubernetes:Database", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        self._holds_data = pulumi.ResourceOptions(parent=self, protect=args.protected or None)
        self._meta = metadata(name, args.namespace)
        password = args.secrets.password(name, self)
        secret = args.secrets.declare(
            f"{name}-secret",
            self._meta,
            {"username": OWNER, "password": password},
            self._child,
            kind="kubernetes.io/basic-auth",
        )
        clients = sorted({*args.clients, f"{name}-backup", f"{name}-restore"})
        host = self._cluster(clients, secret) if args.by_operator else self._server(clients, secret)
        self._backups(host)
        address = f"{host}.{args.namespace}.svc.cluster.local:{PORT['postgres']}"
        self.url = pulumi.Output.secret(
            password.apply(lambda drawn: f"postgresql://{OWNER}:{drawn}@{address}/{OWNER}")
        )
        self.register_outputs({})

    def _server(self, clients: list[str], secret: list[pulumi.Resource]) -> str:
        name, args = self._name, self._args
        k8s.core.v1.PersistentVolumeClaim(
            f"{name}-data",
            metadata=self._meta,
            spec=claim(args.postgres.storage_gib, args.storage_class),
            opts=self._holds_data,
        )
        preparation = k8s.core.v1.ConfigMap(
            f"{name}-preparation", metadata=self._meta, data=PREPARATION, opts=self._child
        )
        policy = self._policy(store_policy(name, PORT["postgres"], clients))
        k8s.core.v1.Service(
            f"{name}-service",
            metadata=self._meta,
            spec=cluster_service(name, PORT["postgres"], "postgres"),
            opts=self._child,
        )
        k8s.apps.v1.StatefulSet(
            name,
            metadata=self._meta,
            spec=stateful_set(name, args.postgres),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[preparation, policy, *secret]),
        )
        return name

    def _cluster(self, clients: list[str], secret: list[pulumi.Resource]) -> str:
        name, args = self._name, self._args
        policy = self._policy(cloudnative_pg.policy(name, clients))
        k8s.apiextensions.CustomResource(
            name,
            api_version=cloudnative_pg.API_VERSION,
            kind="Cluster",
            metadata=self._meta,
            spec=cloudnative_pg.cluster(name, args.postgres, args.storage_class),
            opts=pulumi.ResourceOptions(
                parent=self, protect=args.protected or None, depends_on=[policy, *secret]
            ),
        )
        return f"{name}-rw"

    def _policy(self, spec: k8s.networking.v1.NetworkPolicySpecArgs) -> k8s.networking.v1.NetworkPolicy:
        return k8s.networking.v1.NetworkPolicy(
            f"{self._name}-policy", metadata=self._meta, spec=spec, opts=self._child
        )

    def _backups(self, host: str) -> None:
        name, args = self._name, self._args
        image = POSTGRES[args.postgres.version]
        backups = f"{name}-backups"
        k8s.core.v1.PersistentVolumeClaim(
            backups,
            metadata=named(name, backups, args.namespace),
            spec=claim(args.postgres.storage_gib, args.storage_class),
            opts=self._holds_data,
        )
        jobs = {
            f"{name}-backup": backup(f"{name}-backup", host, image, args.postgres.backup_days),
            f"{name}-restore": restore(f"{name}-restore", host, image),
        }
        for job, spec in jobs.items():
            meta = metadata(job, args.namespace)
            k8s.networking.v1.NetworkPolicy(
                f"{job}-policy",
                metadata=meta,
                spec=job_policy(job, ["postgres"], {"postgres": self.pod_labels(name, args.by_operator)}),
                opts=self._child,
            )
            k8s.batch.v1.CronJob(job, metadata=meta, spec=spec, opts=self._child)

    @staticmethod
    def pod_labels(name: str, by_operator: bool) -> dict[str, str]:  # noqa: FBT001  as in DatabaseArgs
        """What finds the database's pods."""
        return cloudnative_pg.instances(name) if by_operator else selector(name)
