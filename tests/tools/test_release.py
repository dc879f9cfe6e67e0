"""`airfield release`, `rollback` and `verify` on the real engine; the cluster's answers are recorded ones.

The API that is asked afterwards is the real one. The program is small, and its provider a stand-in.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pulumi.automation import PulumiCommand

from tests.app.services import Service, running
from tests.tools.platform_answers import NEW, OLD, deployment, pod, replica_set
from tests.tools.toy import Said, Toy
from tools.serving.ask import Place, standing
from tools.serving.standing import Standing
from tools.stack_image import with_image
from tools.standin.server import serving, standins

pytestmark = pytest.mark.long

THIRD = OLD.replace("a" * 64, "c" * 64)
PROGRAM = """
import pulumi
import pulumi_kubernetes as k8s

config = pulumi.Config()
image = config.get("image") or "none"
if config.get("refuses") == image:
    raise pulumi.RunError("airfield:image: refused by the program")
ours = pulumi.ResourceOptions(provider=k8s.Provider("kubernetes"))
api = k8s.core.v1.ConfigMap("api", metadata={"name": "api"}, data={"image": image}, opts=ours)
if config.get("fails") == image:
    # An input that the engine cannot send: what was begun before it stays.
    k8s.core.v1.ConfigMap("late", metadata={"name": api.id.apply(lambda _: 1 / 0)}, opts=ours)
place = {"target": "kubernetes", "context": "prod", "namespace": "airfield", "deployment": "api"}
pulumi.export("services", {"api": place})
pulumi.export("images", {"api": image})
pulumi.export("urls", {"api": config.get("url")})
pulumi.export("key", config.get_secret("key"))
"""
KUBECTL = """#!/bin/sh
# kubectl --context prod get KIND …
test "$2" = prod || exit 9
cat "$(dirname "$0")/$4.json" 2>/dev/null && exit
echo "Error from server (NotFound): $4 not found" >&2
exit 1
"""


@dataclass(frozen=True)
class Site:
    """A project, the backend that knows its stack `prod`, and a cluster that answers as it is told."""

    toy: Toy
    folder: Path

    def cluster(self, image: str, **status: object) -> None:
        """From now on the Deployment has this image, and its pods run it."""
        before = replica_set(OLD if image == NEW else NEW, 1)
        answers = {
            "deployment": deployment(image, **status),  # pyright: ignore[reportArgumentType]
            "replicasets": {"items": [before, replica_set(image, 2)]},
            "pods": {"items": [pod(image), pod(image)]},
        }
        for kind, answer in answers.items():
            (self.folder / f"{kind}.json").write_text(json.dumps(answer))

    def airfield(self, *arguments: str) -> Said:
        return self.toy.airfield(*arguments)

    def file(self) -> str:
        return self.toy.root.joinpath("Pulumi.prod.yaml").read_text()

    def set(self, key: str, value: str) -> None:
        """Another value of a setting, or one more setting."""
        text = with_image(self.file(), f"airfield:{key}", value)
        self.toy.root.joinpath("Pulumi.prod.yaml").write_text(text)


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("api")
    with running("serve", {"DATABASE_URL": f"sqlite:///{folder / 'p.db'}"}, folder / "log") as service:
        service.wait_for("/ready")
        yield service


@pytest.fixture
def site(toy: Toy, api: Service, engine: PulumiCommand, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    root = toy.root
    for command in ("checklist", "preview", "release", "verify"):
        monkeypatch.setattr(f"tools.commands.{command}.obtained_engine", lambda: engine)
    (root / "backend").mkdir()
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{root / 'backend'}")
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "a passphrase")
    monkeypatch.setenv("PULUMI_HOME", str(root / "home"))
    monkeypatch.setenv("no_grpc_proxy", "127.0.0.1")
    bin_folder = root / "bin"
    bin_folder.mkdir()
    monkeypatch.setenv("PATH", str(bin_folder), prepend=":")
    (bin_folder / "kubectl").write_text(KUBECTL)
    (bin_folder / "kubectl").chmod(0o755)
    toy.program(PROGRAM)
    file = root / "Pulumi.prod.yaml"
    file.write_text(
        "config:\n  # Kept by people.\n  airfield:target: kubernetes\n"
        f"  airfield:image: {OLD} # by digest\n  airfield:workloads:\n    api: {{public: true}}\n"
        f"  airfield:url: {api.url}\n"
    )
    with serving(standins(root=root, render=False, seed=b"release")) as providers:
        monkeypatch.setenv("PULUMI_DEBUG_PROVIDERS", providers)
        engine.run(["stack", "init", "prod"], str(root), {})
        yield Site(toy, bin_folder)


def test_an_image_goes_live_is_verified_and_taken_back(site: Site) -> None:
    site.cluster(OLD)
    first = site.airfield("release", "prod", "--image", OLD)
    assert first.code == 0, first.err
    assert f"api serving: {OLD} answers (Deployment: generation 2 observed 2" in first.out
    assert "✓ stored: a prediction is read back by its id" in first.out
    assert first.out.endswith("prod serves what was asked for\n")
    site.cluster(NEW)
    assert site.airfield("release", "prod", "--image", NEW).code == 0
    assert f"airfield:image: {NEW} # by digest\n" in site.file()
    assert "# Kept by people." in site.file()
    assert site.airfield("verify", "prod", "--probe").code == 0
    site.set("image", "somebody/forgot:this")
    unchanged = site.airfield("preview", "prod")
    assert (unchanged.code, "Nothing would change: " in unchanged.out) == (0, True), unchanged.out
    site.set("image", NEW)
    listed = site.airfield("checklist", "prod")
    assert listed.code == 0, listed.out
    assert f"[x] previous version available: {OLD}\n" in listed.out
    assert "[x] smoke test: stored: a prediction is read back" in listed.out
    assert f"[x] api: containers updated, rolling update complete: serving: {NEW} answers" in listed.out
    site.cluster(OLD)
    back = site.airfield("rollback", "prod")
    assert back.code == 0, back.err
    assert f"From {NEW}\nback to {OLD}\n" in back.out
    assert f"airfield:image: {OLD} # by digest\n" in site.file()
    again = site.airfield("rollback", "prod")
    assert again.code == 1
    assert again.err == "error: prod: its history holds no other image that was deployed well\n"


def test_what_the_cluster_took_back_is_not_called_released(site: Site) -> None:
    site.cluster(OLD, revision=3)
    said = site.airfield("release", "prod", "--image", NEW)
    assert said.code == 1
    assert f"api rolled back: {OLD} answers" in said.out or f"api other image: {OLD} answers" in said.out
    assert "the requested image is not serving: api is" in said.err
    assert "To go back: airfield rollback prod" in said.err
    assert site.airfield("verify", "prod").code == 1


def test_an_update_that_fails_says_what_serves_now(site: Site) -> None:
    site.cluster(OLD)
    assert site.airfield("release", "prod", "--image", OLD).code == 0
    site.set("fails", NEW)
    said = site.airfield("release", "prod", "--image", NEW)
    assert said.code == 1
    assert "The update failed. What serves now:" in said.err
    assert f"{OLD} answers" in said.out
    assert "division by zero" in said.err


def test_a_mistake_that_the_program_finds_changes_nothing(site: Site) -> None:
    site.set("refuses", NEW)
    said = site.airfield("release", "prod", "--image", NEW)
    assert said.code == 1
    assert said.err == "error: airfield:image: refused by the program\n"


def test_a_workload_that_is_on_its_way_is_waited_for_and_then_called_so(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def arriving(workload: str, place: Place, image: str) -> Standing:
        asked.append(workload)
        if len(asked) == 3:
            site.cluster(NEW)
        return standing(workload, place, image)

    monkeypatch.setattr("tools.commands.verify.standing", arriving)
    monkeypatch.setattr("tools.commands.verify._PAUSE_SECONDS", 0.01)
    site.cluster(NEW, updated=1, total=3, progressing="ReplicaSetUpdated")
    assert site.airfield("release", "prod", "--image", NEW).code == 0
    assert len(asked) == 3
    site.cluster(NEW, updated=1, total=3, progressing="ReplicaSetUpdated")
    assert "the requested image is not serving: api is rolling" in site.airfield("verify", "prod").err


def test_an_api_that_is_ill_is_not_verified(site: Site, api: Service) -> None:
    site.cluster(NEW)
    site.toy.root.joinpath("Pulumi.prod.yaml").write_text(site.file().replace(str(api.port), "1"))
    said = site.airfield("release", "prod", "--image", NEW)
    assert said.code == 1
    assert (
        "prod serves what was asked for, and not well: api: no answer: the connection is refused" in said.err
    )


def test_a_rehearsal_touches_neither_the_file_nor_a_cluster(site: Site) -> None:
    before = site.file()
    said = site.airfield("release", "prod", "--image", NEW, "--rehearse")
    assert said.code == 0, said.err
    assert "This was a rehearsal: no cloud was touched" in said.out
    assert NEW in said.out
    assert site.file() == before


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("verify", "prod"), "nothing was deployed yet: the stack has no output `services`"),
        (("rollback", "prod"), "prod: its history holds no other image that was deployed well"),
        (
            ("release", "prod", "--image", "airfield:latest"),
            "--image: airfield:latest names no content; as in ghcr.io/acme/airfield@sha256:…",
        ),
        (("release", "nowhere", "--image", NEW), "there is no stack `nowhere`"),
    ],
)
def test_what_cannot_be_done_is_a_line(site: Site, arguments: tuple[str, ...], line: str) -> None:
    said = site.airfield(*arguments)
    assert said.code == 1
    assert said.err.startswith(f"error: {line}")
    assert said.err.count("\n") == 1


def test_a_stack_that_the_backend_does_not_know_is_a_line(site: Site) -> None:
    site.toy.stack("other", workloads={"api": {}}, kubernetes={}, image=OLD)
    said = site.airfield("verify", "other")
    assert said.err == (
        "error: the backend knows no stack other: log in to the one that does, or pulumi stack init other\n"
    )


def test_a_backend_that_nobody_logged_in_to_is_a_line(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PULUMI_BACKEND_URL")
    monkeypatch.delenv("PULUMI_ACCESS_TOKEN", raising=False)
    said = site.airfield("verify", "prod")
    assert said.code == 1
    assert said.err.startswith("error: PULUMI_ACCESS_TOKEN must be set")
    assert said.err.count("\n") == 1


def test_a_stack_of_files_is_released_into_files_and_verified_by_nobody(toy: Toy) -> None:
    toy.stack("dev", workloads={"api": {}}, image=OLD)
    said = toy.airfield("release", "dev", "--image", NEW)
    assert said.code == 0, said.err
    assert f"airfield:image: {NEW}" in (toy.root / "Pulumi.dev.yaml").read_text()
    assert "To apply them: kubectl apply" in said.out
    refused = toy.airfield("verify", "dev")
    assert refused.err.startswith("error: dev is written to build/dev/, and nothing here knows who applies")
