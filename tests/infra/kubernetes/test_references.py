"""Whatever an object names is there, and whatever selects something selects exactly that."""

from functools import cache

import pytest

from tests.infra.kubernetes.manifests import STACKS as COMMITTED
from tests.infra.kubernetes.manifests import Manifest, committed, is_selected, objects, of_kind, pod_of
from tests.synth import synthesise_config

STACKS = [*COMMITTED, "with secrets"]


@cache
def manifests(stack: str) -> list[Manifest]:
    if stack in COMMITTED:
        return committed(stack)
    return objects(
        synthesise_config(
            {
                "airfield:target": "kubernetes",
                "airfield:image": "api",
                "airfield:workloads": {
                    "api": {"public": True, "secrets": ["API_KEY"], "uses": ["redis"], "calls": ["worker"]},
                    "worker": {"port": 9000, "secrets": ["API_KEY"]},
                },
                "airfield:redis": {"external": True},
                "airfield:secrets": {"API_KEY": "1", "REDIS_URL": "2", "UNUSED": "3"},
            }
        )
    )


def pods(stack: str) -> dict[str, Manifest]:
    return {name: pod_of(each) for name, each in of_kind(manifests(stack), "Deployment").items()}


def selected(stack: str, selector: Manifest) -> list[str]:
    return [name for name, pod in pods(stack).items() if is_selected(pod["metadata"]["labels"], selector)]


@pytest.mark.parametrize("stack", STACKS)
def test_a_deployment_selects_its_own_pods_and_no_others(stack: str) -> None:
    deployments = of_kind(manifests(stack), "Deployment")
    assert {name: selected(stack, each["spec"]["selector"]) for name, each in deployments.items()} == {
        name: [name] for name in deployments
    }


@pytest.mark.parametrize("kind", ["Service", "PodDisruptionBudget", "NetworkPolicy"])
@pytest.mark.parametrize("stack", STACKS)
def test_whatever_carries_a_workloads_name_selects_its_pods(stack: str, kind: str) -> None:
    key = "podSelector" if kind == "NetworkPolicy" else "selector"
    found = {
        name: selected(stack, spec if kind != "Service" else {"matchLabels": spec})
        for name, each in of_kind(manifests(stack), kind).items()
        if (spec := each["spec"][key]) is not None and name in pods(stack)
    }
    assert found == {name: [name] for name in pods(stack)}


@pytest.mark.parametrize("stack", STACKS)
def test_pods_are_spread_among_their_own(stack: str) -> None:
    for name, pod in pods(stack).items():
        spreads = pod["spec"]["topologySpreadConstraints"]
        assert [selected(stack, spread["labelSelector"]) for spread in spreads] == [[name], [name]]
        assert {spread["topologyKey"] for spread in spreads} == {
            "topology.kubernetes.io/zone",
            "kubernetes.io/hostname",
        }


@pytest.mark.parametrize("stack", STACKS)
def test_every_autoscaler_scales_a_deployment_that_is_there(stack: str) -> None:
    targets = {
        name: each["spec"]["scaleTargetRef"]
        for name, each in of_kind(manifests(stack), "HorizontalPodAutoscaler").items()
    }
    assert targets == {
        name: {"apiVersion": "apps/v1", "kind": "Deployment", "name": name} for name in pods(stack)
    }


@pytest.mark.parametrize("stack", STACKS)
def test_every_pod_finds_its_account_its_settings_and_its_secrets(stack: str) -> None:
    accounts = of_kind(manifests(stack), "ServiceAccount")
    settings = of_kind(manifests(stack), "ConfigMap")
    secrets = of_kind(manifests(stack), "Secret")
    for pod in pods(stack).values():
        (container,) = pod["spec"]["containers"]
        assert pod["spec"]["serviceAccountName"] in accounts
        assert [source["configMapRef"]["name"] in settings for source in container["envFrom"]] == [True]
        references = [each["valueFrom"]["secretKeyRef"] for each in container.get("env", [])]
        assert all(ref["key"] in secrets[ref["name"]]["stringData"] for ref in references)


def test_a_pod_gets_its_own_secrets_and_no_others() -> None:
    secrets = of_kind(manifests("with secrets"), "Secret")
    assert {name: sorted(each["stringData"]) for name, each in secrets.items()} == {
        "api": ["API_KEY", "REDIS_URL"],
        "worker": ["API_KEY"],
    }
    injected = {
        name: [each["name"] for each in pod["spec"]["containers"][0]["env"]]
        for name, pod in pods("with secrets").items()
    }
    assert injected == {"api": ["API_KEY", "REDIS_URL"], "worker": ["API_KEY"]}


@pytest.mark.parametrize("stack", STACKS)
def test_every_service_leads_to_the_port_that_the_pod_names(stack: str) -> None:
    for name, each in of_kind(manifests(stack), "Service").items():
        (port,) = each["spec"]["ports"]
        (container,) = pods(stack)[name]["spec"]["containers"]
        assert [port["targetPort"]] == [named["name"] for named in container["ports"]]


@pytest.mark.parametrize("stack", STACKS)
def test_every_ingress_leads_to_a_port_of_a_service(stack: str) -> None:
    services = of_kind(manifests(stack), "Service")
    for each in of_kind(manifests(stack), "Ingress").values():
        for rule in each["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                backend = path["backend"]["service"]
                ports = [port["port"] for port in services[backend["name"]]["spec"]["ports"]]
                assert backend["port"]["number"] in ports


@pytest.mark.parametrize("stack", STACKS)
def test_every_probe_asks_the_port_that_the_container_names(stack: str) -> None:
    for pod in pods(stack).values():
        (container,) = pod["spec"]["containers"]
        asked = {
            container[f"{probe}Probe"]["httpGet"]["port"] for probe in ("startup", "liveness", "readiness")
        }
        assert asked == {"http"}
        assert [port["name"] for port in container["ports"]] == ["http"]


@pytest.mark.parametrize("stack", STACKS)
def test_every_mount_has_its_volume(stack: str) -> None:
    for pod in pods(stack).values():
        volumes = {volume["name"] for volume in pod["spec"]["volumes"]}
        (container,) = pod["spec"]["containers"]
        assert {mount["name"] for mount in container["volumeMounts"]} == volumes
