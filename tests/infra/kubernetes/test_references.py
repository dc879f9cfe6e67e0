"""Whatever is named is there, whatever selects something selects exactly that, nothing is left over."""

from collections.abc import Callable
from copy import deepcopy

import pytest

from tests.infra.kubernetes.everything import ALL, manifests, pods
from tests.infra.kubernetes.manifests import Manifest, of_kind
from tests.infra.kubernetes.references import dangling

MADE_BY_SOMEBODY: dict[str, set[str]] = {
    "dev": {
        "api: no Secret api with DATABASE_URL",
        "api: no Secret api with REDIS_URL",
        "api-migrate: no Secret api with DATABASE_URL",
        "api-migrate: no Secret api with REDIS_URL",
        "cache: no Secret cache with password",
        "database: no Secret database with password",
        "database-backup: no Secret database with password",
        "database-restore: no Secret database with password",
        "grafana: no Secret grafana with password",
    },
}
MADE_BY_SOMEBODY["bundled"] = {
    *MADE_BY_SOMEBODY["dev"],
    "alertmanager: no Secret alertmanager",
    "api: no Secret api with API_KEY",
    "api-migrate: no Secret api with API_KEY",
    "worker: no Secret worker with REDIS_URL",
}


@pytest.mark.parametrize("stack", ALL)
def test_everything_that_is_named_is_there(stack: str) -> None:
    faults = {without_image(line) for line in dangling(manifests(stack))}
    assert faults == MADE_BY_SOMEBODY.get(stack, set())


def without_image(line: str) -> str:
    """A line without what follows the image in a job's name."""
    pod, colon, rest = line.partition(": ")
    name, migrates, _ = pod.partition("-migrate-")
    return f"{name}-migrate: {rest}" if migrates else f"{pod}{colon}{rest}"


def test_a_pod_gets_its_own_secrets_and_no_others() -> None:
    secrets = of_kind(manifests("shop"), "Secret")
    assert {name: sorted(each["stringData"]) for name, each in secrets.items() if each["stringData"]} == {
        "order-api": ["DATABASE_URL", "REDIS_URL"],
        "mail": ["REDIS_URL"],
    }
    injected = {
        name: [each["name"] for each in pod["spec"]["containers"][0].get("env", [])]
        for name, pod in pods("shop").items()
    }
    assert injected == {"web": [], "order-api": ["DATABASE_URL", "REDIS_URL"], "mail": ["REDIS_URL"]}


Change = Callable[[Manifest], object]
BROKEN: dict[str, tuple[str, str, str, Change, str]] = {
    "namespace": ("own", "Service", "api", lambda o: o["metadata"].pop("namespace"), "lies in no namespace"),
    "account": (
        "own",
        "ServiceAccount",
        "api",
        lambda o: o["metadata"].update(name="x"),
        "no ServiceAccount api",
    ),
    "settings": (
        "own",
        "ConfigMap",
        "api",
        lambda o: o["metadata"].update(name="x"),
        "api: no ConfigMap api",
    ),
    "secret": ("own", "Secret", "cache", lambda o: o["metadata"].update(name="x"), "cache: no Secret cache"),
    "key": (
        "own",
        "Secret",
        "api",
        lambda o: o["stringData"].pop("API_KEY"),
        "api: no API_KEY in Secret api",
    ),
    "fetched key": (
        "operators",
        "ExternalSecret",
        "api",
        lambda o: o["spec"]["data"].pop(),
        "in Secret api",
    ),
    "file": ("bundled", "ConfigMap", "loki", lambda o: o["data"].clear(), "loki: no loki.yml in ConfigMap"),
    "claim": (
        "own",
        "PersistentVolumeClaim",
        "database",
        lambda o: o["metadata"].update(name="x"),
        "database: no PersistentVolumeClaim database",
    ),
    "labels of pods": (
        "own",
        "Deployment",
        "api",
        lambda o: o["spec"]["template"]["metadata"]["labels"].clear(),
        "Service api selects []",
    ),
    "selector": (
        "own",
        "StatefulSet",
        "cache",
        lambda o: o["spec"]["selector"]["matchLabels"].clear(),
        "StatefulSet cache selects [",
    ),
    "governing service": (
        "own",
        "StatefulSet",
        "cache",
        lambda o: o["spec"].update(serviceName="x"),
        "StatefulSet cache: no Service x",
    ),
    "target": (
        "own",
        "HorizontalPodAutoscaler",
        "api",
        lambda o: o["spec"]["scaleTargetRef"].update(name="x"),
        "no Deployment x",
    ),
    "budget": (
        "own",
        "PodDisruptionBudget",
        "api",
        lambda o: o["spec"]["selector"]["matchLabels"].clear(),
        "PodDisruptionBudget api selects [",
    ),
    "port of pods": (
        "own",
        "Service",
        "worker",
        lambda o: o["spec"]["ports"][0].update(targetPort="x"),
        "Service worker leads to ['x']",
    ),
    "probe": (
        "own",
        "Deployment",
        "api",
        lambda o: o["spec"]["template"]["spec"]["containers"][0]["readinessProbe"]["httpGet"].update(
            port="x"
        ),
        "api: readinessProbe asks a port x",
    ),
    "volume": (
        "own",
        "Deployment",
        "api",
        lambda o: o["spec"]["template"]["spec"]["volumes"].clear(),
        "api: mounts and volumes differ",
    ),
    "policy": (
        "own",
        "NetworkPolicy",
        "cache",
        lambda o: o["spec"]["podSelector"]["matchLabels"].update(x="x"),
        "NetworkPolicy cache binds nobody",
    ),
    "peer": (
        "own",
        "NetworkPolicy",
        "cache",
        lambda o: o["spec"]["ingress"][0]["from"][0]["podSelector"]["matchLabels"].update(x="x"),
        "NetworkPolicy cache names nobody",
    ),
    "ingress": (
        "shop",
        "Service",
        "web",
        lambda o: o["spec"]["ports"][0].update(port=81),
        "Ingress web: no Service web with 80",
    ),
    "middleware": (
        "shop",
        "Middleware",
        "web-redirect",
        lambda o: o["metadata"].update(name="x"),
        "Ingress web goes through airfield-web-redirect@kubernetescrd,airfield-web-rate@kubernetescrd, not",
    ),
    "route": (
        "operators",
        "Service",
        "api",
        lambda o: o["spec"]["ports"][0].update(port=81),
        "HTTPRoute api-route: no Service api with 80",
    ),
    "role": ("bundled", "Role", "alloy", lambda o: o["metadata"].update(name="x"), "alloy: no Role alloy"),
    "subject": (
        "bundled",
        "RoleBinding",
        "alloy",
        lambda o: o["subjects"][0].update(namespace="x"),
        "RoleBinding alloy: no ServiceAccount alloy",
    ),
    "owner": (
        "operators",
        "ExternalSecret",
        "database",
        lambda o: o["spec"]["data"].pop(),
        "Cluster database: no Secret database",
    ),
    "monitor": (
        "operators",
        "ServiceMonitor",
        "api",
        lambda o: o["spec"]["endpoints"][0].update(port="x"),
        "ServiceMonitor api reads",
    ),
    "address": (
        "own",
        "Service",
        "worker",
        lambda o: o["spec"]["ports"][0].update(port=81),
        "nobody answers at worker:80, which WORKER_URL names",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_whatever_leads_nowhere_would_be_found(what: str) -> None:
    stack, kind, name, change, answer = BROKEN[what]
    broken = deepcopy(manifests(stack))
    change(of_kind(broken, kind)[name])
    assert [line for line in dangling(broken) if answer in line]


def test_what_nothing_names_would_be_found() -> None:
    useless: Manifest = {
        "kind": "ConfigMap",
        "metadata": {"name": "useless", "namespace": "airfield"},
        "data": {},
    }
    assert dangling([*manifests("own"), useless]) == ["nothing names ConfigMap useless"]
