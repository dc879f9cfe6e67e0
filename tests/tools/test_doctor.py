"""`airfield doctor`: what is missing to deploy for good, each with what mends it."""

import json
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.tools.toy import Toy
from tools.deployment import describe
from tools.engine.release import engine_version
from tools.project import find_project
from tools.readiness import Machine, findings


def said_of(toy: Toy, stack: str, machine: Machine) -> dict[str, str]:
    deployment = describe(find_project(toy.root), stack)
    return {finding.what: finding.mend for finding in findings(deployment, machine)}


def equipped(home: Path, target: str) -> Machine:
    """A machine that lacks nothing for the target."""
    programs = home / "bin"
    programs.mkdir()
    for name, says in (("pulumi", f"v{engine_version()}"), ("pulumi-language-python", "")):
        (programs / name).write_text(f"#!/bin/sh\necho {says}\n")
        (programs / name).chmod(0o755)
    version = metadata.version(f"pulumi-{target}")
    (home / ".pulumi" / "plugins" / f"resource-{target}-v{version}").mkdir(parents=True)
    (home / ".pulumi" / "credentials.json").write_text(json.dumps({"current": "s3://state"}))
    (home / ".kube").mkdir()
    (home / ".kube" / "config").write_text(
        yaml.safe_dump({"contexts": [{"name": "here"}], "current-context": "here"})
    )
    environment = {
        "PATH": f"{programs}:/bin",
        "AWS_PROFILE": "acme",
        "GOOGLE_CREDENTIALS": "{}",
        "PULUMI_CONFIG_PASSPHRASE": "x",
    }
    return Machine(environment=environment, home=home)


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.mark.parametrize("target", ["aws", "gcp", "kubernetes"])
def test_a_machine_that_has_everything_lacks_nothing(toy: Toy, home: Path, target: str) -> None:
    toy.stack("prod", target=target, kubernetes={})
    found = said_of(toy, "prod", equipped(home, target))
    assert set(found.values()) == {""}
    assert len(found) == 6


@pytest.mark.parametrize(
    ("target", "credentials"),
    [
        ("aws", "aws configure sso, or export AWS_PROFILE=…"),
        ("gcp", "gcloud auth application-default login"),
        ("kubernetes", "kubectl config use-context NAME"),
    ],
)
def test_a_bare_machine_lacks_everything_and_hears_what_mends_it(
    toy: Toy, home: Path, target: str, credentials: str
) -> None:
    toy.stack("prod", target=target, kubernetes={}, build={"repository": "ghcr.io/acme"})
    found = said_of(toy, "prod", Machine(environment={"PATH": ""}, home=home))
    plugin = f"pulumi plugin install resource {target} v{metadata.version(f'pulumi-{target}')}"
    builder = f"pulumi plugin install resource docker-build v{metadata.version('pulumi-docker-build')}"
    install = "curl -fsSL https://get.pulumi.com | sh"
    assert list(found.values()) == [
        install,
        install,
        plugin,
        builder,
        credentials,
        "pulumi login, or pulumi login --local",
    ]


def test_an_engine_that_is_too_old_is_named(toy: Toy, home: Path) -> None:
    toy.stack("prod", target="aws")
    machine = equipped(home, "aws")
    (home / "bin" / "pulumi").write_text("#!/bin/sh\necho v3.1.0\n")
    found = said_of(toy, "prod", machine)
    assert f"the Pulumi CLI is v3.1.0, and {engine_version()} is needed" in found
    (home / "bin" / "pulumi").write_text("#!/bin/sh\nexit 1\n")
    assert f"{home}/bin/pulumi does not say its version" in said_of(toy, "prod", machine)


def test_a_context_that_is_not_there_is_named(toy: Toy, home: Path) -> None:
    toy.stack("prod", target="kubernetes", kubernetes={}, **{"kubernetes:context": "moon"})
    found = said_of(toy, "prod", equipped(home, "kubernetes"))
    assert found[f"no context moon in {home}/.kube/config"] == "kubectl config get-contexts"


def test_a_stack_with_secrets_needs_its_passphrase(toy: Toy, home: Path) -> None:
    path = toy.stack("prod", target="aws")
    path.write_text(path.read_text() + "encryptionsalt: v1:x\n")
    machine = equipped(home, "aws")
    bare = Machine(environment={**machine.environment, "PULUMI_CONFIG_PASSPHRASE": ""}, home=home)
    assert said_of(toy, "prod", bare)["the passphrase of its secrets"] == ""
    environment = {key: value for key, value in machine.environment.items() if "PASSPHRASE" not in key}
    found = said_of(toy, "prod", Machine(environment=environment, home=home))
    assert found["no passphrase for its secrets"] == "export PULUMI_CONFIG_PASSPHRASE=…"


def test_doctor_shows_each_finding_and_fails_while_something_is_missing(
    toy: Toy, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("PULUMI_HOME", raising=False)
    said = toy.airfield("doctor")
    assert said.code == 0
    assert said.out == (
        "dev (kubernetes) needs:\n"
        "  ok      nothing but this command: its manifests are written to build/dev\n"
    )
    toy.stack("prod", target="gcp")
    said = toy.airfield("doctor", "prod")
    assert said.code == 1
    assert "  missing no credentials for Google Cloud: gcloud auth application-default login" in said.out


SWARMS = {
    "a manager": (
        {"LocalNodeState": "active", "ControlAvailable": True},
        "ssh://m, a manager of its Swarm",
        "",
    ),
    "a worker": (
        {"LocalNodeState": "active", "ControlAvailable": False},
        "ssh://m is no manager of its Swarm",
        "pulumi config set docker:host ssh://MANAGER",
    ),
    "in no Swarm": (
        {"LocalNodeState": "inactive", "ControlAvailable": False},
        "ssh://m is in no Swarm",
        "docker swarm init --advertise-addr ADDRESS",
    ),
    "away": (None, "ssh://m does not answer", "docker --host ssh://m info"),
}


@pytest.mark.parametrize("case", SWARMS)
def test_the_engine_of_a_swarm_is_asked(toy: Toy, home: Path, case: str) -> None:
    answer, what, mend = SWARMS[case]
    toy.stack("prod", target="swarm", **{"docker:host": "ssh://m"})
    machine = equipped(home, "docker")
    (home / "bin" / "docker").write_text(
        "#!/bin/sh\n[ \"$*\" = '--host ssh://m info --format {{json .Swarm}}' ] || exit 3\n"
        + (f"echo '{json.dumps(answer)}'\n" if answer else "exit 1\n")
    )
    (home / "bin" / "docker").chmod(0o755)
    assert said_of(toy, "prod", machine)[what] == mend


def test_without_docker_nobody_can_ask_a_swarm(toy: Toy, home: Path) -> None:
    toy.stack("prod", target="swarm")
    environment = {"PATH": str(home), "DOCKER_HOST": "tcp://m:2376"}
    found = said_of(toy, "prod", Machine(environment=environment, home=home))
    assert found["no docker on PATH to ask tcp://m:2376"] == "https://docs.docker.com/engine/install/"


def test_traps_of_every_platform_are_shown_and_those_of_its_own_fail(toy: Toy) -> None:
    trapped: dict[str, Any] = {"image": "api:1-arm64", "workloads": {"api": {"memoryMib": 256}}}
    toy.stack("dev", **trapped, **{"gcp:project": "acme"})
    said = toy.airfield("doctor", "--stack", "dev")
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[2] == "  traps, on its own platform or after a switch:"
    assert [line.split(":")[0].split() for line in lines[3:]] == [
        ["rounded", "on", "aws"],
        ["fails", "on", "aws"],
        ["rounded", "on", "gcp"],
        ["fails", "on", "gcp"],
    ]
    assert "airfield:image: api:1-arm64 is for arm64 by its name" in lines[4]
    toy.stack("dev", kubernetes={"renderTo": "build/dev", "quota": {"pods": 1}}, **trapped)
    assert "fails    on kubernetes: airfield:kubernetes.quota.pods: " in toy.airfield("doctor", "dev").out
    assert toy.airfield("doctor", "dev").code == 1
