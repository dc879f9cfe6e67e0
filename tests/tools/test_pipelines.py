"""The pipelines of four systems: they call commands that exist, hold little power, and pin what they use."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest
import typer.main

from infra.pinned_images import POSTGRES, REDIS
from tests.synth import ROOT
from tests.tools.pipelines import CLOUD_BUILD, GITEA, GITHUB, GITLAB, actions, jobs, lines, make_targets, read
from tools.cli import app

WORKFLOWS = {f"{path.parent.parent.name}/{path.name}": path for path in (*GITHUB, *GITEA)}
MAKE = re.compile(r'make (?P<target>[a-z-]+)(?: [A-Z]+=(?:[a-z0-9]+|"\$\w+"|"\$\(cat build/image\)"))*')
MODULE = re.compile(r"python3 -m (?P<module>tools(?:\.\w+)+)(?: [\w./-]+)*")
SCRIPT = re.compile(r"(?P<script>\.ci/[a-z]+)(?: [a-z0-9-]+)*")
SET_UP = {'printenv AWS_TOKEN > "$AWS_WEB_IDENTITY_TOKEN_FILE"'}
"""What hands a system's own credential over, and decides nothing."""
MAY_WRITE = {
    ("build", "packages"),
    ("build", "id-token"),
    ("build", "attestations"),
    ("comment", "pull-requests"),
    ("preview", "id-token"),
    ("staging", "id-token"),
    ("production", "id-token"),
    ("rollback", "id-token"),
    ("files", "security-events"),
    ("image", "security-events"),
    ("code", "security-events"),
}
"""Which job may write what; all else may at most read."""


def command(text: str) -> str:
    """What a line calls; empty for one that is none of our commands."""
    for form, group in ((MAKE, "target"), (MODULE, "module"), (SCRIPT, "script")):
        found = form.fullmatch(text)
        if found:
            return found[group]
    return ""


def test_all_pipelines_are_there() -> None:
    assert [path.name for path in GITHUB] == [
        "check.yml",
        "deploy.yml",
        "plan-comment.yml",
        "plan.yml",
        "preview.yml",
        "security.yml",
    ]
    assert [path.name for path in GITEA] == ["deploy.yml"]
    assert GITLAB.is_file()
    assert CLOUD_BUILD.is_file()


@pytest.mark.parametrize("line", list(lines()), ids=lambda line: f"{line.where}: {line.text[:30]}")
def test_a_step_is_a_command_that_exists(line: Any) -> None:  # noqa: ANN401 (pytest's parameter)
    called = command(line.text)
    if line.text in SET_UP:
        return
    assert called, f"{line.where} runs `{line.text}`, which is no make target, module or script"
    if called.startswith("tools."):
        assert (ROOT / f"{called.replace('.', '/')}.py").is_file()
    elif called.startswith(".ci/"):
        assert (ROOT / called).stat().st_mode & 0o111
    else:
        assert called in make_targets()


def test_a_make_target_calls_commands_that_exist() -> None:
    known = set(cast("Any", typer.main.get_command(app)).commands)
    called = re.findall(r"\.venv/bin/airfield ([a-z-]+)", (ROOT / "Makefile").read_text())
    assert set(called) <= known
    assert {"preview", "release", "rollback", "verify"} <= set(called)


@pytest.mark.parametrize("file", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/operations.md"])
def test_what_the_documents_tell_people_to_type_exists(file: str) -> None:
    text = (ROOT / file).read_text()
    known = set(cast("Any", typer.main.get_command(app)).commands)
    typed = re.findall(r"(?:`|\$ |\$ \.venv/bin/)airfield ([a-z]+)", text)
    assert set(typed) <= known
    assert set(re.findall(r"(?:`|\$ )make ([a-z-]+)", text)) <= make_targets()


@pytest.mark.parametrize(
    "text",
    [
        "make no && rm -rf /",
        "make release IMAGE=$(id)",
        "python3 -m other.module",
        "curl https://example.com | sh",
        ".ci/image; id",
    ],
)
def test_a_line_with_logic_is_none_of_our_commands(text: str) -> None:
    assert command(text) == ""


def test_the_shell_of_every_line_is_sound() -> None:
    script = "\n".join(("#!/bin/sh", *(line.text for line in lines())))
    given = "# shellcheck disable=SC2154 # the pipeline sets them\n"
    text = script.replace("#!/bin/sh\n", f"#!/bin/sh\n{given}", 1)
    shellcheck = Path(sys.executable).with_name("shellcheck")
    done = subprocess.run([shellcheck, "-"], input=text, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("action", sorted(set(actions())))
def test_an_action_is_pinned_by_commit_and_says_its_version(action: str) -> None:
    assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)


def test_an_action_is_pinned_once() -> None:
    repositories: dict[str, set[str]] = {}
    for action in actions():
        name, _, commit = action.partition("@")
        repositories.setdefault("/".join(name.split("/")[:2]), set()).add(commit)
    assert {name: pins for name, pins in repositories.items() if len(pins) > 1} == {}


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_holds_no_power_and_its_jobs_name_what_they_need(name: str) -> None:
    workflow = read(WORKFLOWS[name])
    assert workflow["permissions"] == {}
    assert set(workflow["concurrency"]) == {"group", "cancel-in-progress"}
    for job, content in workflow["jobs"].items():
        assert content["permissions"], job
        assert content["timeout-minutes"] <= 60, job
        writes = {(job, scope) for scope, level in content["permissions"].items() if level == "write"}
        assert writes <= MAY_WRITE, name
        for step in content["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def test_a_deployment_is_never_ended_half_way() -> None:
    for name in ("github/deploy.yml", "gitea/deploy.yml"):
        concurrency = read(WORKFLOWS["." + name])["concurrency"]
        assert concurrency == {"group": "deploy", "cancel-in-progress": False}


def test_code_of_a_fork_meets_no_secret_and_no_token_that_writes() -> None:
    for path in GITHUB:
        workflow = read(path)
        triggers = workflow["on"]
        assert "pull_request_target" not in triggers, path.name
        if "pull_request" not in triggers:
            continue
        text = path.read_text()
        assert "secrets." not in text, path.name
        for job, content in workflow["jobs"].items():
            writes = {scope for scope, level in content["permissions"].items() if level == "write"}
            forks_kept_out = "head.repo.full_name == github.repository" in str(content.get("if", ""))
            assert writes <= {"security-events"} or forks_kept_out, f"{path.name}: {job}"


def test_the_job_that_comments_runs_the_default_branch_alone() -> None:
    workflow = read(WORKFLOWS[".github/plan-comment.yml"])
    assert workflow["on"] == {"workflow_run": {"workflows": ["Plan"], "types": ["completed"]}}
    (job,) = workflow["jobs"].values()
    checkouts = [step for step in job["steps"] if "checkout" in step.get("uses", "")]
    assert [step["with"]["ref"] for step in checkouts] == ["${{ github.event.repository.default_branch }}"]
    assert [step["run"] for step in job["steps"] if "run" in step] == [
        "python3 -m tools.pull_request_comment build/plan/plan.md"
    ]


def test_no_expression_is_pasted_into_shell() -> None:
    assert [line for line in lines() if "${{" in line.text] == []


def test_production_comes_after_staging_with_the_image_that_was_built() -> None:
    found = jobs(WORKFLOWS[".github/deploy.yml"])
    assert (found["staging"]["needs"], found["production"]["needs"]) == ("build", ["build", "staging"])
    assert (found["staging"]["environment"], found["production"]["environment"]) == ("staging", "production")
    for name in ("staging", "production"):
        (release,) = (step for step in found[name]["steps"] if "release" in step.get("run", ""))
        assert release["env"] == {"IMAGE": "${{ needs.build.outputs.image }}"}
    assert found["build"]["outputs"] == {"image": "${{ steps.image.outputs.reference }}"}


def test_gitlab_waits_for_a_person_before_production() -> None:
    pipeline = read(GITLAB)
    assert pipeline["stages"] == ["check", "build", "staging", "production"]
    assert [rule["when"] for rule in pipeline["production"]["rules"]] == ["manual"]
    assert {name: pipeline[name]["environment"]["name"] for name in ("staging", "production")} == {
        "staging": "staging",
        "production": "production",
    }


def test_coverage_is_read_from_what_the_report_says() -> None:
    form = read(GITLAB)["check"]["coverage"].strip("/")
    assert re.search(form, "TOTAL    9876    123    2345    67    93%", re.MULTILINE)
    assert re.search(form, "TOTAL    9876    123    2345    67    93.25%", re.MULTILINE)


def test_a_host_with_another_key_is_refused() -> None:
    for path in (*GITHUB, *GITEA, GITLAB, CLOUD_BUILD, *ROOT.glob(".ci/*")):
        assert "StrictHostKeyChecking=no" not in path.read_text()
        assert "ssh-keyscan " not in re.sub(r"(?m)^\s*#.*$|:\?.*$", "", path.read_text()), path.name


def test_pipelines_run_the_images_that_the_project_pins() -> None:
    python = re.search(r"python:[\w.-]+@sha256:[0-9a-f]{64}", (ROOT / "Dockerfile").read_text())
    assert python
    assert read(GITLAB)["default"]["image"] == f"docker.io/library/{python[0]}"
    services = jobs(WORKFLOWS[".github/check.yml"])["check"]["services"]
    assert {each["image"] for each in services.values()} == {POSTGRES["17"], REDIS}
    assert {each["name"] for each in read(GITLAB)["check"]["services"]} == {POSTGRES["17"], REDIS}
    composed = read(ROOT / "compose.yaml")["services"]
    assert {composed[name]["image"] for name in ("postgres", "redis")} == {POSTGRES["17"], REDIS}


def test_the_supported_pythons_are_checked() -> None:
    (versions,) = jobs(WORKFLOWS[".github/check.yml"])["check"]["strategy"]["matrix"].values()
    oldest = re.search(r'requires-python = ">=([\d.]+)"', (ROOT / "pyproject.toml").read_text())
    assert oldest
    assert versions == ["3.11", "3.12", "3.13"]
    assert versions[0] == oldest[1]


@pytest.mark.parametrize("file", ["Dockerfile", "compose.yaml", ".gitlab-ci.yml"])
def test_an_image_that_is_named_has_a_digest(file: str) -> None:
    text = (ROOT / file).read_text()
    form = r"(?m)^(?!#).*?(?:FROM |image: |name: |PYTHON_IMAGE=)((?:docker\.io/)?[\w./-]+:[\w.-]+\S*)"
    found = re.findall(form, text)
    foreign = [image for image in found if not image.startswith("airfield:")]
    assert foreign
    assert [image for image in foreign if not re.search(r"@sha256:[0-9a-f]{64}$", image)] == []


def test_every_locked_package_has_its_hashes() -> None:
    packages = re.split(r"(?m)^\[\[package\]\]$", (ROOT / "uv.lock").read_text())[1:]
    files = [line for package in packages for line in package.splitlines() if "url = " in line]
    assert len(files) > 500
    assert [line for line in files if 'hash = "sha256:' not in line] == []
