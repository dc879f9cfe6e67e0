"""A real API server takes every object of every stack, and admits every pod under "restricted"."""

import time
from copy import deepcopy
from functools import cache
from typing import Any, cast

import pytest
import yaml

from tests.apiserver.conftest import ApiServer
from tests.infra.kubernetes.everything import ALL, config
from tests.infra.kubernetes.manifests import Manifest, objects, of_kind, pods_in
from tests.synth import synthesise_config
from tools.custom_resources.obtain import obtained_definitions

FIRST = {"Namespace": 0, "ServiceAccount": 1}
PATIENCE_SECONDS = 30


@pytest.fixture(scope="module", autouse=True)
def _operators_are_there(server: ApiServer) -> None:
    for file in obtained_definitions():
        definition = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
        # Their webhooks are the operators' own programs.
        definition["spec"].pop("conversion", None)
        definition.pop("status", None)
        complained, _ = server.applied(definition)
        assert complained is None
    time.sleep(2)


@cache
def placed(stack: str) -> list[Manifest]:
    """Every object of a stack, in a namespace of its own, what everything stands on first."""
    given = config(stack)
    block = {**cast("dict[str, Any]", given.get("airfield:kubernetes", {})), "namespace": f"proof-{stack}"}
    found = objects(synthesise_config({**given, "airfield:kubernetes": block}))
    own: Manifest = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": "default", "namespace": f"proof-{stack}"},
    }
    return sorted([*found, own], key=lambda each: FIRST.get(each["kind"], len(FIRST)))


@pytest.mark.parametrize("stack", ALL)
def test_every_object_is_taken_and_the_second_time_changes_nothing(server: ApiServer, stack: str) -> None:
    first = [server.applied(each) for each in placed(stack)]
    assert [complained for complained, _ in first if complained] == []
    assert [server.applied(each) for each in placed(stack)] == first


@pytest.mark.parametrize("stack", ALL)
def test_every_pod_is_admitted(server: ApiServer, stack: str) -> None:
    for each in placed(stack):
        server.applied(each)
    refused = [(name, server.admitted(pod_named(name, pod, stack))) for name, pod in pods(stack).items()]
    assert refused
    assert [each for each in refused if each[1]] == []


def pods(stack: str) -> dict[str, Manifest]:
    return pods_in(placed(stack))


def pod_named(name: str, template: Manifest, stack: str) -> Manifest:
    meta = {**template["metadata"], "name": name, "namespace": f"proof-{stack}"}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": template["spec"]}


def test_a_misspelt_field_and_a_pod_too_free_would_be_refused(server: ApiServer) -> None:
    for each in placed("dev"):
        server.applied(each)
    service = deepcopy(of_kind(placed("dev"), "Service")["api"])
    service["spec"]["sellector"] = {}
    complained, _ = server.applied(service)
    assert "sellector" in str(complained)
    free = pod_named("free", deepcopy(pods("dev")["api"]), "dev")
    free["spec"]["containers"][0]["securityContext"]["allowPrivilegeEscalation"] = True
    assert 'violates PodSecurity "restricted' in str(server.admitted(free))
