import pytest

from tests.tools.platform_answers import NEW, OLD
from tools.errors import OperatorError
from tools.serving import ask as asking
from tools.serving.standing import same_image


@pytest.mark.parametrize(
    ("asked", "found", "same"),
    [
        (NEW, NEW, True),
        (NEW, OLD, False),
        (NEW, "ghcr.io/acme/airfield:1", False),
        (NEW, NEW.replace("ghcr.io", "mirror.example"), True),
        ("airfield:1", "airfield:1", True),
        ("airfield:1", "airfield:1@sha256:0", True),
        ("airfield:1", "airfield:2@sha256:0", False),
        ("airfield:1", "", False),
    ],
)
def test_a_digest_names_an_image_and_else_its_tag_does(asked: str, found: str, same: bool) -> None:  # noqa: FBT001
    assert same_image(asked, found) is same


def test_a_platform_that_cannot_be_asked_is_a_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("path")
    monkeypatch.setenv("PATH", str(folder))
    place = {"target": "kubernetes", "namespace": "airfield", "deployment": "api"}
    with pytest.raises(OperatorError, match="kubectl is not on PATH"):
        asking.standing("api", place, NEW)
    kubectl = folder / "kubectl"
    kubectl.write_text("#!/bin/sh\necho 'error: context \"prod\" does not exist' >&2\nexit 1\n")
    kubectl.chmod(0o755)
    with pytest.raises(OperatorError, match='kubectl get: error: context "prod" does not exist'):
        asking.standing("api", {**place, "context": "prod"}, NEW)
    kubectl.write_text("#!/bin/sh\necho 'Error (NotFound): deployments.apps \"api\" not found' >&2\nexit 1\n")
    assert asking.standing("api", place, NEW).state == "gone"


def test_aws_and_google_cloud_without_credentials_are_a_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = str(tmp_path_factory.mktemp("home"))
    for name in ("HOME", "AWS_SHARED_CREDENTIALS_FILE", "CLOUDSDK_CONFIG"):
        monkeypatch.setenv(name, home)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "GOOGLE_APPLICATION_CREDENTIALS"):
        monkeypatch.delenv(name, raising=False)
    aws = {"target": "aws", "region": "us-east-1", "cluster": "c", "service": "s"}
    with pytest.raises(OperatorError, match="ECS cannot be asked: Unable to locate credentials"):
        asking.standing("api", aws, NEW)
    google = {"target": "gcp", "project": "p", "region": "r", "service": "s"}
    with pytest.raises(OperatorError, match="Cloud Run cannot be asked: Your default credentials"):
        asking.standing("api", google, NEW)
