"""`airfield up` and `airfield down` of a stack that renders manifests, on the real engine."""

import stat

import pytest
import yaml

from tests.tools.toy import Toy

NAMESPACE = "dev/1-manifest/v1-namespace-default-hangar.yaml"
DEPLOYMENT = "dev/1-manifest/apps_v1-deployment-hangar-api.yaml"


def test_up_writes_manifests_where_the_real_provider_would(toy: Toy) -> None:
    said = toy.airfield("up", "dev")
    assert said.code == 0, said.err
    assert "6 created" in said.out
    assert "url: http://api" in said.out
    assert (
        "kubectl apply -f build/dev/1-manifest/v1-namespace-default-hangar.yaml -f build/dev/1-manifest"
        in said.out
    )
    files = toy.files()
    assert sorted(files) == [
        DEPLOYMENT,
        *(f"dev/1-manifest/v1-configmap-hangar-file-{index}.yaml" for index in range(3)),
        NAMESPACE,
    ]
    assert files[DEPLOYMENT].startswith("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n")
    assert yaml.safe_load(files[DEPLOYMENT])["spec"]["replicas"] == 2
    assert stat.S_IMODE((toy.root / "build" / NAMESPACE).stat().st_mode) == 0o600
    assert stat.S_IMODE((toy.root / "build/dev/1-manifest").stat().st_mode) == 0o700


def test_a_second_up_changes_nothing(deployed: Toy) -> None:
    before = {path: (deployed.root / "build" / path).stat().st_mtime_ns for path in deployed.files()}
    said = deployed.airfield("up", "dev")
    assert said.code == 0
    assert "Nothing changes: 6 resources are as they were" in said.out
    assert before == {path: (deployed.root / "build" / path).stat().st_mtime_ns for path in deployed.files()}


def test_a_changed_setting_updates_only_what_depends_on_it(deployed: Toy) -> None:
    before = deployed.files()
    deployed.stack(replicas=5)
    said = deployed.airfield("up", "dev")
    assert "1 updated, 5 unchanged" in said.out
    assert "~ api kubernetes:apps/v1:Deployment spec.replicas" in said.out
    after = deployed.files()
    assert {path for path in after if after[path] != before[path]} == {DEPLOYMENT}
    assert "replicas: 5" in after[DEPLOYMENT]


def test_what_the_program_no_longer_declares_goes(deployed: Toy) -> None:
    deployed.stack(files=1)
    said = deployed.airfield("up", "dev")
    assert "2 deleted, 4 unchanged" in said.out
    assert len(deployed.files()) == 3


def test_another_name_is_a_replacement_and_its_old_file_goes(deployed: Toy) -> None:
    deployed.stack(title="engine")
    said = deployed.airfield("up", "dev")
    assert "1 replaced, 5 unchanged" in said.out
    assert "± api kubernetes:apps/v1:Deployment metadata.name" in said.out
    assert DEPLOYMENT not in deployed.files()
    assert "dev/1-manifest/apps_v1-deployment-hangar-engine.yaml" in deployed.files()


def test_a_replacement_under_the_same_name_keeps_its_file(deployed: Toy) -> None:
    deployed.stack(selector="other")
    said = deployed.airfield("up", "dev")
    assert "1 replaced, 5 unchanged" in said.out
    assert "app: other" in deployed.files()[DEPLOYMENT]


def test_another_directory_takes_all_manifests(deployed: Toy) -> None:
    deployed.stack(kubernetes={"renderTo": "build/elsewhere"})
    said = deployed.airfield("up", "dev")
    assert said.code == 0, said.err
    assert {path.split("/")[0] for path in deployed.files()} == {"elsewhere"}
    assert len(deployed.files()) == 5


def test_down_leaves_nothing(deployed: Toy) -> None:
    said = deployed.airfield("down", "dev")
    assert said.code == 0
    assert "6 deleted" in said.out
    assert sorted(path.name for path in deployed.root.iterdir()) == [
        "Pulumi.dev.yaml",
        "Pulumi.yaml",
        "__main__.py",
    ]
    assert "There is nothing of dev (kubernetes) to take down" in deployed.airfield("down", "dev").out


def test_down_keeps_what_somebody_else_put_there(deployed: Toy) -> None:
    (deployed.root / "build/dev/notes.txt").write_text("mine")
    deployed.airfield("down", "dev")
    assert deployed.files() == {"dev/notes.txt": "mine"}


@pytest.mark.long
def test_the_stack_file_is_never_written(toy: Toy) -> None:
    before = {path.name: path.read_bytes() for path in toy.root.glob("Pulumi*")}
    for command in (
        ("up", "dev"),
        ("plan", "dev", "--target", "aws"),
        ("up", "dev", "--rehearse"),
        ("down", "dev"),
    ):
        toy.airfield(*command)
    assert before == {path.name: path.read_bytes() for path in toy.root.glob("Pulumi*")}


@pytest.mark.parametrize("project", ["toy", "deployed"])
def test_mistakes_are_answered_line_by_line_and_touch_nothing(
    project: str, request: pytest.FixtureRequest
) -> None:
    toy: Toy = request.getfixturevalue(project)
    state = ".airfield/deployed/dev/backend/.pulumi/stacks"
    before = toy.files(), toy.files(state)
    toy.stack(mistakes="airfield:image: missing\nairfield:target: unknown")
    said = toy.airfield("up", "dev")
    assert said.code == 1
    assert said.err == "error: airfield:image: missing\nairfield:target: unknown\n"
    assert "created" not in said.out
    assert (toy.files(), toy.files(state)) == before
    assert (toy.root / ".airfield").exists() == (project == "deployed")


def test_a_fault_of_the_program_shows_where_it_is(toy: Toy) -> None:
    toy.stack(fault=True)
    said = toy.airfield("up", "dev")
    assert said.code == 1
    assert 'raise ValueError("a fault of the program")' in said.err
    assert "pulumi/automation" not in said.err
