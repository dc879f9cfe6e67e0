"""The committed stack `dev`, with its data and monitoring, on the real engine from its making to its end."""

import shutil

import pytest
import yaml

from tests.synth import ROOT
from tests.tools.toy import Toy

ENVIRONMENT = "dev/1-manifest/v1-configmap-airfield-dev-api.yaml"
DEPLOYMENT = "dev/1-manifest/apps_v1-deployment-airfield-dev-api.yaml"


@pytest.fixture
def dev(toy: Toy) -> Toy:
    """The project's own program and stack, in a directory of its own."""
    for name in ("__main__.py", "Pulumi.yaml", "Pulumi.dev.yaml"):
        shutil.copy(ROOT / name, toy.root)
    return toy


def test_dev_comes_stays_changes_where_it_must_and_goes(dev: Toy) -> None:
    made = dev.airfield("up", "dev")
    assert made.code == 0, made.err
    files = dev.files()
    kinds = {yaml.safe_load(text)["kind"] for text in files.values()}
    assert {"CronJob", "Deployment", "Job", "PersistentVolumeClaim", "StatefulSet"} <= kinds
    assert "Secret" not in kinds
    assert dev.refused_manifests() == ""

    assert "Nothing changes" in dev.airfield("up", "dev").out
    assert dev.files() == files

    stack = dev.root / "Pulumi.dev.yaml"
    stack.write_text(stack.read_text(encoding="utf-8").replace("DEBUG", "INFO"), encoding="utf-8")
    assert "2 updated, 80 unchanged" in dev.airfield("up", "dev").out
    after = dev.files()
    assert {path for path in after if after[path] != files[path]} == {ENVIRONMENT, DEPLOYMENT}
    assert set(after) == set(files)

    assert dev.airfield("down", "dev").code == 0
    assert dev.files() == {}
