"""`airfield plan --base`: a project in git, before and after a change, on the real engine."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.tools.toy import PROGRAM, Toy

pytestmark = pytest.mark.long

SETTINGS = 'replicas": config.get_int("replicas") or 2'


def git(toy: Toy, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
    subprocess.run(["git", *identity, *arguments], cwd=toy.root, check=True, capture_output=True)


@pytest.fixture
def project(toy: Toy) -> Toy:
    """The toy with its first commit."""
    toy.stack(secrets={"KEY": {"secure": "v1:abc:canary"}}, namespace="hangar")
    git(toy, "init", "--quiet", "--initial-branch=main")
    git(toy, "add", ".")
    git(toy, "commit", "--quiet", "--message=first")
    return toy


def compared(toy: Toy, *more: str) -> tuple[int, str]:
    said = toy.airfield("plan", "--base", "main", "--target", "kubernetes", "--format", "markdown", *more)
    assert "Traceback" not in said.err
    return said.code, said.out.partition("data |\n")[2]


def test_nothing_changed_says_so_and_leaves_no_trace(project: Toy) -> None:
    kept = {path: path.stat().st_mtime_ns for path in project.root.rglob("*") if path.is_file()}
    code, text = compared(project)
    assert code == 0
    assert text.endswith("Nothing changes for `dev`.\n")
    assert {path: path.stat().st_mtime_ns for path in project.root.rglob("*") if path.is_file()} == kept


def test_each_change_is_laid_to_the_setting_that_made_it(project: Toy) -> None:
    project.stack(secrets={"KEY": {"secure": "v1:xyz:canary"}}, namespace="hangar", replicas=5, files=2)
    code, text = compared(project)
    assert code == 0
    assert "Because of `files` set to `2`:\n\n- `-` `file-2` ConfigMap\n" in text
    assert "Because of `replicas` set to `5`:\n\n- `~` `api` Deployment: `spec.replicas` `2` → `5`\n" in text
    assert "canary" not in text


def test_what_no_setting_explains_the_program_changed(project: Toy) -> None:
    project.program(PROGRAM.replace('image": "api:1"', 'image": "api:2"'))
    project.stack(secrets={"KEY": {"secure": "v1:abc:canary"}}, namespace="hangar", files=4)
    code, text = compared(project)
    assert code == 0
    assert "Because of **the program**:\n\n- `~` `api` Deployment:" in text
    assert "Because of `files` set to `4`:\n\n- `+` `file-3` ConfigMap\n" in text


def test_settings_that_only_work_together_are_said_together(project: Toy) -> None:
    both = 'both = 3 if config.get("one") and config.get("two") else 2\n'
    project.program(
        PROGRAM.replace("files = config", f"{both}files = config").replace(SETTINGS, 'replicas": both')
    )
    git(project, "commit", "--all", "--quiet", "--message=second")
    project.stack(secrets={"KEY": {"secure": "v1:abc:canary"}}, namespace="hangar", one="1", two="2")
    code, text = compared(project)
    assert code == 0
    assert (
        "Because of **several of these together**:\n\n- `~` `api` Deployment: `spec.replicas` `2` → `3`"
        in text
    )


@pytest.mark.parametrize(
    ("settings", "fail_on", "code"),
    [
        ({"selector": "other"}, "replace", 3),
        ({"selector": "other"}, "replace-data", 0),
        ({"replicas": 9}, "replace", 0),
        ({"replicas": 9}, "change", 3),
    ],
)
def test_a_pipeline_is_stopped_by_what_it_does_not_let_pass(
    project: Toy, settings: dict[str, Any], fail_on: str, code: int
) -> None:
    project.stack(secrets={"KEY": {"secure": "v1:abc:canary"}}, namespace="hangar", **settings)
    assert compared(project, "--fail-on", fail_on)[0] == code


def test_a_stack_that_goes_from_one_platform_to_another_loses_what_it_holds(project: Toy) -> None:
    project.program(
        PROGRAM.replace(
            '"hangar", metadata={"name": "hangar"}', '"hangar", metadata={"name": config.require("target")}'
        )
    )
    git(project, "commit", "--all", "--quiet", "--message=second")
    project.stack(target="swarm", secrets={"KEY": {"secure": "v1:abc:canary"}}, namespace="hangar")
    code, text = compared(project, "--fail-on", "replace-data")
    assert code == 3
    assert "### `dev` on kubernetes → swarm" in text
    assert (
        "> `hangar` Namespace would be **replaced**, and all that the stack has in the cluster lost" in text
    )


def test_new_and_removed_stacks_are_told_apart(project: Toy) -> None:
    project.stack("new", files=1)
    (project.root / "Pulumi.dev.yaml").unlink()
    code, text = compared(project)
    assert code == 0
    assert "| `dev` | kubernetes, removed |" in text
    assert "| `new` | kubernetes, new | 3 |" in text
    assert "Because of **the stack is new**" in text


def test_a_new_stack_is_all_new_however_often_it_was_rehearsed(project: Toy) -> None:
    project.stack("new", files=1)
    assert project.airfield("up", "new", "--rehearse").code == 0
    assert "| `new` | kubernetes, new | 3 |" in compared(project)[1]


def test_a_program_that_fails_is_said_in_the_comment(project: Toy) -> None:
    project.stack(
        secrets={"KEY": {"secure": "v1:abc:canary"}}, namespace="hangar", mistakes="airfield:x: is wrong"
    )
    code, text = compared(project)
    assert code == 1
    assert "### `dev` could not be planned\n\n```\nairfield:x: is wrong\n```" in text


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ("--base", "nowhere"),
            "error: --base: there is no commit `nowhere` here; `git fetch` brings what others have",
        ),
        (
            ("--base", "--help"),
            "error: --base: there is no commit `--help` here; `git fetch` brings what others have",
        ),
        (("other", "--base", "main"), "error: there is no stack `other`, before or after: there is dev"),
        (
            ("--base", "main", "--target", "azur"),
            "error: there is no platform `azur`; there is aws, eks, gcp, kubernetes, swarm",
        ),
    ],
)
def test_a_mistake_is_one_line(project: Toy, arguments: tuple[str, ...], line: str) -> None:
    said = project.airfield("plan", *arguments)
    assert (said.code, said.err.splitlines()) == (1, [line])


def test_the_comment_may_go_to_a_file(project: Toy, tmp_path: Path) -> None:
    said = project.airfield(
        "plan", "--base", "main", "--target", "kubernetes", "--output", str(tmp_path / "c.md")
    )
    assert said.code == 0
    assert (tmp_path / "c.md").read_text(encoding="utf-8").startswith("<!-- airfield plan -->\n")
