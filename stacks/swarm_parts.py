"""The parts of a stack on Docker Swarm that its services share: the ways between them, and their secrets."""

from collections.abc import Iterator, Mapping

import pulumi
import pulumi_random as random

from infra.swarm.files import Mounted, Secrets, SecretsArgs
from infra.swarm.monitoring_parts import GRAFANA_PASSWORD
from infra.swarm.passwords import Passwords, PasswordsArgs
from infra.swarm.paths import EDGE, SOCKET, Path, path, way_out, workload_paths
from infra.swarm.traefik import DASHBOARD, DASHBOARD_USERS
from infra.variables import used_secrets
from stacks.stack_file import Settings
from stacks.swarm_edge import public_workloads
from stacks.swarm_monitoring import all_monitoring_paths, watched
from stacks.swarm_stores import own_stores, store_paths, store_secrets

GRAFANA = "grafana"
FOR_PEOPLE = (DASHBOARD, GRAFANA)
"""What people log in to."""


def paths(settings: Settings) -> Iterator[Path]:
    """Every network of the stack."""
    yield from workload_paths(settings.workloads, own_stores(settings))
    yield from store_paths(settings)
    yield from all_monitoring_paths(settings)
    if public_workloads(settings):
        yield way_out(EDGE)
        yield path(EDGE, SOCKET)


def draw_passwords(settings: Settings) -> Passwords | None:
    """Draws those that the stack needs; None where it needs none."""
    owners = [*own_stores(settings).values()]
    owners += [DASHBOARD] if settings.swarm.dashboard_domain else []
    owners += [GRAFANA] if watched(settings) else []
    if not owners:
        return None
    args = PasswordsArgs(owners=owners, protected=settings.environment == "production")
    provider = random.Provider("random")
    return Passwords("passwords", args, pulumi.ResourceOptions(provider=provider))


def passwords_for_people(passwords: Passwords | None) -> Mapping[str, pulumi.Output[str]]:
    """Those that somebody logs in with."""
    if passwords is None:
        return {}
    return {owner: password for owner, password in passwords.drawn.items() if owner in FOR_PEOPLE}


def deploy_secrets(
    settings: Settings,
    values: Mapping[str, pulumi.Output[str]],
    passwords: Passwords | None,
    opts: pulumi.ResourceOptions,
) -> Mapping[str, Mounted]:
    """Declares whatever some service gets."""
    block = settings.swarm
    own = store_secrets(settings, passwords.drawn if passwords else {})
    needed = {**own, **used_secrets(settings.workloads, {**values, **own})}
    for name in (block.certificate_secret, block.certificate_key_secret):
        if name and settings.domain:
            needed[name] = values[name]
    if block.alert_webhook_secret and watched(settings):
        needed[block.alert_webhook_secret] = values[block.alert_webhook_secret]
    if passwords and GRAFANA in passwords.drawn:
        needed[GRAFANA_PASSWORD] = passwords.drawn[GRAFANA]
    if passwords and DASHBOARD in passwords.hashed:
        needed[DASHBOARD_USERS] = pulumi.Output.concat("admin:", passwords.hashed[DASHBOARD])
    if not needed:
        return {}
    return Secrets("secrets", SecretsArgs(namespace=block.namespace, values=needed), opts).mounted
