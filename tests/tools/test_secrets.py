"""Secrets of a stack that renders manifests: their values are wanted there, and nowhere else."""

import os
import subprocess

import pytest
import yaml
from pulumi.automation import PulumiCommand

from tests.tools.toy import Toy
from tools.schema import MODELINE

PASSPHRASE = "correct horse"  # noqa: S105 (protects a test)
VALUE = "fuel-9f3c"


@pytest.fixture
def keyed(toy: Toy, engine: PulumiCommand, monkeypatch: pytest.MonkeyPatch) -> Toy:
    """A stack with a secret that the operator set with the Pulumi CLI."""
    backend = toy.root / "operator"
    backend.mkdir()
    environment = {
        "PULUMI_BACKEND_URL": f"file://{backend}",
        "PULUMI_HOME": str(backend / "home"),
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }
    path = toy.stack()
    path.write_text(f"{MODELINE}\n{path.read_text()}")
    for arguments in (
        ["stack", "init", "dev"],
        ["config", "set", "--secret", "--path", "secrets.KEY", VALUE],
    ):
        subprocess.run(
            [engine.command, *arguments], check=True, env={**os.environ, **environment}, cwd=toy.root
        )
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", PASSPHRASE)
    return toy


def test_a_comment_in_a_stack_file_outlives_what_pulumi_writes_there(keyed: Toy) -> None:
    first, *rest = (keyed.root / "Pulumi.dev.yaml").read_text().splitlines()
    assert first == MODELINE
    assert any(line.strip().startswith("secure: ") for line in rest)


def test_a_rendered_secret_has_its_value_and_the_state_has_it_encrypted(keyed: Toy) -> None:
    said = keyed.airfield("up", "dev")
    assert said.code == 0, said.err
    manifest = yaml.safe_load(keyed.files()["dev/1-manifest/v1-secret-hangar-keys.yaml"])
    assert manifest["stringData"] == {"KEY": VALUE}
    assert VALUE not in keyed.files(".airfield/deployed/dev/backend/.pulumi/stacks")["airfield/dev.json"]
    assert VALUE not in said.out + said.err
    assert "Nothing changes" in keyed.airfield("up", "dev").out
    path = keyed.root / "Pulumi.dev.yaml"
    path.write_text(path.read_text().replace("config:", "config:\n  airfield:replicas: 3", 1))
    planned = keyed.airfield("plan", "dev", "--target", "kubernetes")
    assert planned.code == 0, planned.err
    assert "~ api kubernetes:apps/v1:Deployment spec.replicas" in planned.out
    assert VALUE not in planned.out + planned.err


def test_without_the_passphrase_nothing_is_rendered(keyed: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE")
    said = keyed.airfield("up", "dev")
    assert said.code == 1
    assert "Pulumi.dev.yaml holds secrets" in said.err
    assert "set PULUMI_CONFIG_PASSPHRASE, or rehearse with --rehearse" in said.err
    assert keyed.files() == {}
    assert keyed.airfield("up", "dev", "--rehearse").code == 0


@pytest.mark.long
def test_a_changed_key_is_answered_with_what_to_type(keyed: Toy) -> None:
    keyed.airfield("up", "dev")
    keyed.stack()
    said = keyed.airfield("up", "dev")
    assert said.code == 1
    assert "has another encryption key than what is deployed: type `airfield down dev`" in said.err
    assert keyed.airfield("down", "dev").code == 0
    assert keyed.airfield("up", "dev").code == 0
