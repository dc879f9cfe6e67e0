"""The data stores of a stack on Kubernetes that nobody else runs."""

from collections.abc import Mapping
from typing import TypeAlias

import pulumi
import pulumi_random as random

from infra.datastores import URL_VARIABLE
from infra.kubernetes.cache import Cache, CacheArgs
from infra.kubernetes.database import Database, DatabaseArgs
from infra.kubernetes.labels import selector
from infra.kubernetes.secret import SecretSource
from infra.variables import secret_names
from infra.workload import Datastore
from stacks.stack_file import Settings

Stores: TypeAlias = Mapping[Datastore, Database | Cache]


def secret_source(settings: Settings) -> SecretSource:
    """Who provides the stack's Secrets."""
    block = settings.kubernetes
    draws = block.secrets_origin == "made" and (own_stores(settings) or block.monitoring == "bundled")
    return SecretSource(
        origin=block.secrets_origin,
        store=block.secret_store,
        random=random.Provider("passwords") if draws else None,
        protected=settings.environment == "production",
    )


def deploy_stores(settings: Settings, secrets: SecretSource, opts: pulumi.ResourceOptions) -> Stores:
    """Declares those that were asked for."""
    block, protected = settings.kubernetes, settings.environment == "production"
    stores: dict[Datastore, Database | Cache] = {}
    if settings.postgres and not settings.postgres.external:
        stores["postgres"] = Database(
            "database",
            DatabaseArgs(
                postgres=settings.postgres,
                namespace=block.namespace,
                clients=_clients(settings, "postgres"),
                secrets=secrets,
                by_operator=block.postgres_operator is not None,
                storage_class=block.storage_class,
                protected=protected,
            ),
            opts,
        )
    if settings.redis and not settings.redis.external:
        stores["redis"] = Cache(
            "cache",
            CacheArgs(
                redis=settings.redis,
                namespace=block.namespace,
                clients=_clients(settings, "redis"),
                secrets=secrets,
                storage_class=block.storage_class,
                protected=protected,
            ),
            opts,
        )
    return stores


def own_stores(settings: Settings) -> dict[Datastore, dict[str, str]]:
    """The labels by which the pods of the stack's own data stores are found."""
    by_operator = settings.kubernetes.postgres_operator is not None
    found: dict[Datastore, dict[str, str]] = {}
    if settings.postgres and not settings.postgres.external:
        found["postgres"] = Database.pod_labels("database", by_operator)
    if settings.redis and not settings.redis.external:
        found["redis"] = selector("cache")
    return found


def store_secrets(
    settings: Settings, secrets: Mapping[str, pulumi.Output[str]], stores: Stores
) -> dict[str, pulumi.Input[str]]:
    """The stack's secrets and the URLs of its own data stores; no value where somebody else has them."""
    if settings.kubernetes.secrets_origin != "made":
        named = {name for workload in settings.workloads.values() for name in secret_names(workload)}
        return dict.fromkeys(sorted(named), "")
    return {**secrets, **{URL_VARIABLE[store]: made.url for store, made in stores.items()}}


def _clients(settings: Settings, store: Datastore) -> list[str]:
    users = [name for name, workload in settings.workloads.items() if store in workload.uses]
    return users + [f"{name}-migrate" for name in users if settings.workloads[name].migrate]
