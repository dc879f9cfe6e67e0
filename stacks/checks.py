"""What no single field can say of itself: whether the parts of a stack file fit each other. Pure."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from infra.datastores import URL_VARIABLE, Postgres, Redis
from infra.image import repository
from infra.portability import losses
from infra.variables import secret_names
from infra.workload import Workload, url_variable
from stacks.cloud_checks import cloud_mistakes
from stacks.mistakes import Mistake, nearest
from stacks.stack_file import REDIRECTED_CLASSES, Settings, names_in_cluster
from stacks.swarm_checks import swarm_mistakes

CLUSTERS = frozenset({"eks", "kubernetes"})
"""Targets whose workloads run as the block `kubernetes` says."""
DIGEST = "@sha256:"


def mistakes(settings: Settings, raw: Mapping[str, Any], secrets: Collection[str]) -> list[Mistake]:
    """Everything in `settings` that does not fit together.

    What exists is looked up in `raw`, so that a part that could not be read is not also called missing.
    """
    secrets = {*secrets, *_kept_elsewhere(settings)}
    return [
        *_image(settings, raw),
        *_public(settings),
        *_taken_names(settings),
        *_webhook(settings, secrets),
        *cloud_mistakes(settings),
        *swarm_mistakes(settings, secrets),
        *(
            mistake
            for name, workload in settings.workloads.items()
            for mistake in (
                *_workload_image(name, workload, settings),
                *_calls(name, workload, raw.get("workloads", {})),
                *_uses(name, workload, settings, raw, secrets),
                *_secrets(name, workload, secrets),
                *_variables(name, workload),
            )
        ),
    ]


def lost(settings: Settings) -> list[Mistake]:
    """What the target cannot give of what was set: told, or refused where the stack is strict."""
    found = [
        *(
            loss
            for name, workload in settings.workloads.items()
            for loss in losses("workload", workload, settings.target, ("workloads", name))
        ),
        *(losses("postgres", settings.postgres, settings.target, ("postgres",)) if settings.postgres else ()),
        *(losses("redis", settings.redis, settings.target, ("redis",)) if settings.redis else ()),
        *losses("slo", settings.slo, settings.target, ("slo",)),
    ]
    target = settings.target
    given = _given_by_settings(settings)
    found = [loss for loss in found if loss.path not in given]
    told = [Mistake(loss.path, f"{loss.verdict.status} on {target}: {loss.verdict.note}") for loss in found]
    return [*told, *_unknown_ingress_class(settings), *_edge_of_a_new_cluster(settings)]


def _unknown_ingress_class(settings: Settings) -> Iterator[Mistake]:
    block = settings.kubernetes
    by_ingress = settings.target in CLUSTERS and settings.domain and block.edge == "ingress"
    if by_ingress and block.ingress_class not in REDIRECTED_CLASSES:
        text = f"nothing redirects to TLS here; these classes are told to: {', '.join(REDIRECTED_CLASSES)}"
        yield Mistake(("kubernetes", "ingressClass"), text)


def _edge_of_a_new_cluster(settings: Settings) -> Iterator[Mistake]:
    """What leads a domain into a cluster is not made with it, unless AWS's own load balancer does."""
    block = settings.kubernetes
    needed = {
        "ingress": f"ingress class {block.ingress_class} and a cert-manager issuer {block.cluster_issuer}",
        "gateway": f"Gateway {block.gateway} in the namespace {block.gateway_namespace}",
    }.get(block.edge)
    if settings.target == "eks" and settings.domain and needed and not block.is_balanced:
        text = (
            f"the cluster is made without what leads there; bring the {needed}, and point the domain to its"
        )
        yield Mistake(("domain",), f"approximated on eks: {text} load balancer")


def _given_by_settings(settings: Settings) -> set[tuple[str, ...]]:
    """What a cluster gives in full once it is asked for in its own block."""
    given: set[tuple[str, ...]] = set()
    if settings.target in CLUSTERS and settings.kubernetes.postgres_operator:
        given.add(("postgres", "highlyAvailable"))
    if settings.target in CLUSTERS and settings.kubernetes.monitoring != "none":
        given |= {("slo", "availabilityPercent"), ("slo", "p95Milliseconds")}
    if settings.target == "swarm" and settings.swarm.monitoring == "bundled":
        given |= {("slo", "availabilityPercent"), ("slo", "p95Milliseconds")}
    return given


def misplaced_secrets(encrypted_keys: Collection[str]) -> list[Mistake]:
    """Encrypted values outside `airfield:secrets`: they would be read as plain text and stored so."""
    return [
        Mistake((key,), "holds an encrypted value; move it to airfield:secrets and name it in a workload")
        for key in sorted(encrypted_keys)
    ]


def _kept_elsewhere(settings: Settings) -> set[str]:
    """Secrets whose values a cluster gets from somebody else."""
    if settings.target not in CLUSTERS or settings.kubernetes.secrets_origin == "made":
        return set()
    return {name for workload in settings.workloads.values() for name in secret_names(workload)}


def _taken_names(settings: Settings) -> Iterator[Mistake]:
    """Names that a cluster's own objects have."""
    if settings.target not in CLUSTERS:
        return
    taken = names_in_cluster(settings)
    for name in sorted(taken & settings.workloads.keys()):
        yield Mistake(
            ("workloads", name), f"another part of the stack has this name; taken: {', '.join(sorted(taken))}"
        )


def _webhook(settings: Settings, secrets: Collection[str]) -> Iterator[Mistake]:
    block = settings.kubernetes
    secret = block.alert_webhook_secret
    if (
        settings.target == "kubernetes"
        and secret
        and block.secrets_origin == "made"
        and secret not in secrets
    ):
        yield Mistake(("kubernetes", "alertWebhookSecret"), _no_value(secret))


def _image(settings: Settings, raw: Mapping[str, Any]) -> Iterator[Mistake]:
    if "image" in raw and "build" in raw:
        yield Mistake(("image",), "set together with airfield:build; keep one of the two")
    elif "image" not in raw and "build" not in raw and not all(w.image for w in settings.workloads.values()):
        yield Mistake(("image",), "missing; name an image, or let airfield:build make one")
    elif settings.image and settings.environment == "production" and DIGEST not in settings.image:
        yield Mistake(("image",), _without_digest(settings.image))


def _workload_image(name: str, workload: Workload, settings: Settings) -> Iterator[Mistake]:
    if workload.image and settings.environment == "production" and DIGEST not in workload.image:
        yield Mistake(("workloads", name, "image"), _without_digest(workload.image))


def _without_digest(image: str) -> str:
    return f"{image!r} has no digest, which production asks for: {repository(image)}@sha256:…"


def _public(settings: Settings) -> Iterator[Mistake]:
    public = [name for name, workload in settings.workloads.items() if workload.public]
    if settings.domain and len(public) != 1:
        yield Mistake(("domain",), f"needs exactly one public workload, not {', '.join(public) or 'none'}")


def _calls(name: str, workload: Workload, known: Collection[str]) -> Iterator[Mistake]:
    for index, callee in enumerate(workload.calls):
        path = ("workloads", name, "calls", index)
        if callee == name:
            yield Mistake(path, "a workload does not call itself")
        elif callee not in known:
            yield Mistake(path, f"no workload is called {callee!r}{nearest(callee, set(known) - {name})}")
        elif callee in workload.calls[:index]:
            yield Mistake(path, f"{callee} is named twice")


def _uses(
    name: str, workload: Workload, settings: Settings, raw: Mapping[str, Any], secrets: Collection[str]
) -> Iterator[Mistake]:
    for index, store in enumerate(workload.uses):
        if store not in raw:
            yield Mistake(("workloads", name, "uses", index), f"needs airfield:{store}, which is not set")
        elif store in workload.uses[:index]:
            yield Mistake(("workloads", name, "uses", index), f"{store} is named twice")
    for store in workload.uses:
        asked: Postgres | Redis | None = getattr(settings, store)
        if asked and asked.external and URL_VARIABLE[store] not in secrets:
            yield Mistake((store, "external"), _no_value(URL_VARIABLE[store]))


def _secrets(name: str, workload: Workload, secrets: Collection[str]) -> Iterator[Mistake]:
    for index, secret in enumerate(workload.secrets):
        if secret not in secrets:
            yield Mistake(("workloads", name, "secrets", index), _no_value(secret))


def _no_value(secret: str) -> str:
    return f"{secret} has no value; set it: pulumi config set --secret --path 'secrets.{secret}'"


def _variables(name: str, workload: Workload) -> Iterator[Mistake]:
    """Names that two sources would set: one would win silently, or the platform would refuse both."""
    plain = {
        "ENVIRONMENT": "airfield:environment",
        **{url_variable(callee): f"calls {callee}" for callee in workload.calls},
    }
    secret = {
        **{URL_VARIABLE[store]: ("uses", index) for index, store in enumerate(workload.uses)},
        **{secret: ("secrets", index) for index, secret in enumerate(workload.secrets)},
    }
    for variable, place in secret.items():
        if variable in plain:
            yield Mistake(("workloads", name, *place), f"{variable} is already set by {plain[variable]}")
    injected = plain | {variable: f"{field}[{index}]" for variable, (field, index) in secret.items()}
    for variable in workload.environment:
        if variable in injected:
            yield Mistake(
                ("workloads", name, "environment", variable), f"already set by {injected[variable]}"
            )
