"""Whether the parts of a stack file fit each other on Docker Swarm. Pure."""

from collections.abc import Collection, Iterator

from infra.swarm.paths import EDGE, SOCKET
from stacks.mistakes import Mistake
from stacks.stack_file import Settings

PARTS = ("alertmanager", "alloy", "cadvisor", "grafana", "loki", "node-exporter", "prometheus")
"""What bundled monitoring runs."""


def swarm_mistakes(settings: Settings, secrets: Collection[str]) -> Iterator[Mistake]:
    """Everything that does not; nothing where the target is another."""
    if settings.target != "swarm":
        return
    yield from _taken_names(settings)
    yield from _certificate(settings, secrets)
    yield from _domains(settings)


def names_in_swarm(settings: Settings) -> set[str]:
    """Names that a workload cannot have, since another part of the stack has them."""
    stores = {"database": settings.postgres, "cache": settings.redis}
    taken = {name for name, store in stores.items() if store and not store.external}
    taken |= {"database-backup"} if "database" in taken else set()
    return taken | {EDGE, SOCKET} | (set(PARTS) if settings.swarm.monitoring == "bundled" else set())


def _taken_names(settings: Settings) -> Iterator[Mistake]:
    taken = names_in_swarm(settings)
    for name in sorted(taken & settings.workloads.keys()):
        text = f"another part of the stack has this name; taken: {', '.join(sorted(taken))}"
        yield Mistake(("workloads", name), text)


def _certificate(settings: Settings, secrets: Collection[str]) -> Iterator[Mistake]:
    block = settings.swarm
    named = {
        "certificateSecret": block.certificate_secret,
        "certificateKeySecret": block.certificate_key_secret,
        "alertWebhookSecret": block.alert_webhook_secret,
    }
    for key, secret in named.items():
        if secret and secret not in secrets:
            text = f"{secret} has no value; set it: pulumi config set --secret --path 'secrets.{secret}'"
            yield Mistake(("swarm", key), text)


def _domains(settings: Settings) -> Iterator[Mistake]:
    """What is shown behind a password needs TLS, which a domain brings."""
    shown = {
        "dashboardDomain": settings.swarm.dashboard_domain,
        "grafanaDomain": settings.swarm.grafana_domain,
    }
    for key, domain in shown.items():
        if domain and not settings.domain:
            yield Mistake(("swarm", key), "needs airfield:domain, with which TLS comes")
