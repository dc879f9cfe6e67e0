from collections.abc import Generator
from functools import cache

import kubernetes_validate
import kubernetes_validate.utils
import pytest

from tests.infra.kubernetes.manifests import STACKS, Manifest, committed

OLDEST = (1, 31)
VERSIONS = [
    version
    for version in kubernetes_validate.utils.all_versions()
    if tuple(int(part) for part in version.split(".")[:2]) >= OLDEST
]


@pytest.fixture(scope="module", autouse=True)
def _each_schema_is_read_once() -> Generator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            kubernetes_validate.utils, "schema_contents", cache(kubernetes_validate.utils.schema_contents)
        )
        yield


def test_seven_versions_or_more_are_tried() -> None:
    assert VERSIONS[0] == "1.31.0"
    assert len(VERSIONS) >= 7


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("stack", STACKS)
def test_every_object_is_what_the_api_of_every_version_takes(stack: str, version: str) -> None:
    validated = {
        name_of(each): kubernetes_validate.validate(each, version, strict=True) for each in committed(stack)
    }
    assert set(validated.values()) == {version.removesuffix(".0")}


def test_the_validation_would_find_a_misspelt_key() -> None:
    service = next(each for each in committed("dev") if each["kind"] == "Service")
    misspelt: Manifest = {**service, "spec": {**service["spec"], "sellector": {}}}
    with pytest.raises(kubernetes_validate.ValidationError, match="sellector"):
        kubernetes_validate.validate(misspelt, VERSIONS[0], strict=True)


@pytest.mark.parametrize("stack", STACKS)
def test_no_two_objects_have_one_name(stack: str) -> None:
    names = [name_of(each) for each in committed(stack)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("stack", STACKS)
def test_everything_lies_in_the_stacks_namespace(stack: str) -> None:
    (namespace,) = (each["metadata"]["name"] for each in committed(stack) if each["kind"] == "Namespace")
    assert {each["metadata"]["namespace"] for each in committed(stack) if each["kind"] != "Namespace"} == {
        namespace
    }


def name_of(manifest: Manifest) -> tuple[str, str]:
    return manifest["kind"], manifest["metadata"]["name"]
