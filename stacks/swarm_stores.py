"""The data stores of a stack on Docker Swarm that nobody else runs."""

from collections.abc import Iterator, Mapping

import pulumi

from infra.datastores import URL_VARIABLE
from infra.swarm.cache import Cache, CacheArgs
from infra.swarm.database import Database, DatabaseArgs
from infra.swarm.files import Mounted
from infra.swarm.networks import Networks
from infra.swarm.paths import Path, path
from infra.swarm.stores import cache_url, database_url, password_name
from infra.workload import Datastore
from stacks.stack_file import Settings

BACKUP = "database-backup"


def own_stores(settings: Settings) -> dict[Datastore, str]:
    """The service of each data store that the stack runs."""
    found: dict[Datastore, str] = {}
    if settings.postgres and not settings.postgres.external:
        found["postgres"] = "database"
    if settings.redis and not settings.redis.external:
        found["redis"] = "cache"
    return found


def store_paths(settings: Settings) -> Iterator[Path]:
    """The ways of the stores that no workload has: the dump's, and a place for one that nobody uses."""
    for name in own_stores(settings).values():
        yield Path(name, frozenset({name}))
    if "postgres" in own_stores(settings):
        yield path(BACKUP, "database")


def store_secrets(
    settings: Settings, passwords: Mapping[str, pulumi.Output[str]]
) -> dict[str, pulumi.Input[str]]:
    """The password of each store, and its URL for whoever uses it."""
    url_of = {"postgres": database_url, "redis": cache_url}
    found: dict[str, pulumi.Input[str]] = {}
    for store, name in own_stores(settings).items():
        to_url = url_of[store]
        found[password_name(name)] = passwords[name]
        if any(store in workload.uses for workload in settings.workloads.values()):
            found[URL_VARIABLE[store]] = passwords[name].apply(
                lambda drawn, name=name, to_url=to_url: to_url(name, drawn)
            )
    return found


def deploy_stores(
    settings: Settings, files: Mapping[str, Mounted], networks: Networks, opts: pulumi.ResourceOptions
) -> list[Database | Cache]:
    """Declares those that were asked for."""
    namespace, stores = settings.swarm.namespace, own_stores(settings)
    made: list[Database | Cache] = []
    if settings.postgres and "postgres" in stores:
        name = stores["postgres"]
        database = DatabaseArgs(
            postgres=settings.postgres,
            namespace=namespace,
            password=files[password_name(name)],
            networks=networks.of(name),
            backup_networks=networks.of(BACKUP),
        )
        made.append(Database(name, database, opts))
    if settings.redis and "redis" in stores:
        name = stores["redis"]
        cache = CacheArgs(
            redis=settings.redis,
            namespace=namespace,
            password=files[password_name(name)],
            networks=networks.of(name),
        )
        made.append(Cache(name, cache, opts))
    return made
