"""Data stores, migrations and monitoring are what every API takes, pinned, and have no right too many."""

import json
from collections.abc import Generator
from copy import deepcopy
from functools import cache

import kubernetes_validate
import kubernetes_validate.utils
import pytest

from tests.infra.kubernetes.everything import ALL, CUSTOM, STACKS, manifests, pods, said
from tests.infra.kubernetes.list_keys import doubled
from tests.infra.kubernetes.manifests import of_kind
from tests.infra.kubernetes.test_manifests import VERSIONS, name_of

HOME = "airfield"


@pytest.fixture(scope="module", autouse=True)
def _each_schema_is_read_once() -> Generator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            kubernetes_validate.utils, "schema_contents", cache(kubernetes_validate.utils.schema_contents)
        )
        yield


@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_is_what_the_api_of_every_version_takes(version: str) -> None:
    native = [each for stack in STACKS for each in manifests(stack) if each["kind"] not in CUSTOM]
    distinct = {json.dumps(each, sort_keys=True): each for each in native}
    validated = {kubernetes_validate.validate(each, version, strict=True) for each in distinct.values()}
    assert validated == {version.removesuffix(".0")}


@pytest.mark.parametrize("stack", ALL)
def test_server_side_apply_tells_the_entries_of_every_list_apart(stack: str) -> None:
    native = [each for each in manifests(stack) if each["kind"] not in CUSTOM]
    assert [(name_of(each), fault) for each in native for fault in doubled(each, VERSIONS[-1])] == []


def test_two_volumes_of_one_name_would_be_found() -> None:
    broken = deepcopy(of_kind(manifests("own"), "StatefulSet")["database"])
    broken["spec"]["template"]["spec"]["volumes"][1]["name"] = "data"
    assert doubled(broken, VERSIONS[-1]) == [".spec.template.spec.volumes: [('data',)]"]


def test_only_the_stack_of_operators_needs_any() -> None:
    kinds = {stack: {each["kind"] for each in manifests(stack)} & CUSTOM for stack in ALL}
    assert {stack: found for stack, found in kinds.items() if found} == {
        "operators": CUSTOM - {"Middleware"},
        "shop": {"Middleware"},
    }


@pytest.mark.parametrize("stack", STACKS)
def test_no_two_objects_have_one_name(stack: str) -> None:
    names = [name_of(each) for each in manifests(stack)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("stack", STACKS)
def test_every_image_but_our_own_is_pinned(stack: str) -> None:
    images = {c["image"] for pod in pods(stack).values() for c in pod["spec"]["containers"]}
    assert {image for image in images if "@sha256:" not in image} == {"ghcr.io/acme/airfield:1"}
    assert all(":" in image.partition("@")[0] for image in images)


def test_rights_end_at_the_namespace_and_change_nothing() -> None:
    roles = of_kind(manifests("bundled"), "Role")
    assert {verb for each in roles.values() for rule in each["rules"] for verb in rule["verbs"]} == {
        "get",
        "list",
        "watch",
    }
    read = {r for each in roles.values() for rule in each["rules"] for r in rule["resources"]}
    assert not read & {"secrets", "configmaps", "*"}
    assert {each["kind"] for each in manifests("bundled")} & {"ClusterRole", "ClusterRoleBinding"} == set()
    for name, each in of_kind(manifests("bundled"), "RoleBinding").items():
        assert each["roleRef"]["name"] in roles
        assert each["subjects"] == [{"kind": "ServiceAccount", "name": name, "namespace": HOME}]


@pytest.mark.parametrize("stack", STACKS)
def test_nothing_secret_stands_where_values_come_from_elsewhere(stack: str) -> None:
    if stack == "own":
        return
    assert of_kind(manifests(stack), "Secret") == {}
    assert [each for each in said(stack).resources if "random" in each.type] == []
    assert "canary" not in str(manifests(stack))
