"""What the pipelines' shell scripts do, with programs in place of docker that note how they were called."""

import os
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.synth import ROOT

DIGEST = "sha256:" + "d" * 64
DOCKER = f"""#!/bin/sh
echo "$*" >>"$CALLED"
case "$1 $2" in
  "buildx imagetools") test -n "$THERE" && echo "$THERE" ;;
  "buildx inspect") test -n "$BUILDER" ;;
  "buildx build")
    while [ "$1" != --metadata-file ]; do shift; done
    echo '{{"containerimage.digest": "{DIGEST}", "image.name": "x"}}' >"$2"
    ;;
  "login "*) cat >>"$CALLED" ;;
esac
"""


@dataclass(frozen=True)
class Job:
    """A copy of the scripts, and what they meet."""

    folder: Path

    def run(self, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
        known = {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "HOME": str(self.folder / "home"),
            "CALLED": str(self.folder / "called"),
        }
        return subprocess.run(
            [self.folder / ".ci" / script],
            env={**known, **environment},
            text=True,
            capture_output=True,
            check=False,
        )

    def called(self) -> list[str]:
        return (self.folder / "called").read_text().splitlines()


@pytest.fixture
def job(tmp_path: Path) -> Job:
    for name in ("bin", "home", ".ci"):
        (tmp_path / name).mkdir()
    for script in ("image", "login", "ssh"):
        copy = tmp_path / ".ci" / script
        copy.write_text((ROOT / ".ci" / script).read_text())
        copy.chmod(0o755)
    (tmp_path / "bin" / "docker").write_text(DOCKER)
    (tmp_path / "bin" / "docker").chmod(0o755)
    return Job(tmp_path)


def test_an_image_is_built_for_each_platform_pushed_under_each_tag_and_named_by_digest(job: Job) -> None:
    output = job.folder / "output"
    done = job.run(
        "image",
        IMAGE="ghcr.io/acme/airfield",
        TAGS="abc latest",
        PLATFORMS="linux/amd64,linux/arm64",
        GITHUB_OUTPUT=str(output),
    )
    reference = f"ghcr.io/acme/airfield@{DIGEST}"
    assert (done.returncode, done.stdout) == (0, f"{reference}\n"), done.stderr
    assert (job.folder / "build" / "image").read_text() == f"{reference}\n"
    assert output.read_text() == f"reference={reference}\ndigest={DIGEST}\n"
    cache = "type=registry,ref=ghcr.io/acme/airfield:build-cache"
    tags = "--tag ghcr.io/acme/airfield:abc --tag ghcr.io/acme/airfield:latest"
    attested = (
        f"--sbom true --provenance mode=max --cache-from {cache}"
        f" --cache-to {cache},mode=max,ignore-error=true --metadata-file build/image.json ."
    )
    assert job.called() == [
        "buildx inspect airfield",
        "buildx create --name airfield --driver docker-container",
        f"buildx build --builder airfield --platform linux/amd64,linux/arm64 --pull --push {tags} {attested}",
    ]


def test_a_tag_that_is_there_is_taken_again_where_that_is_asked_for(job: Job) -> None:
    there = "sha256:" + "e" * 64
    done = job.run("image", IMAGE="r/airfield", TAGS="abc", KEEP="1", THERE=there)
    assert done.stdout == f"r/airfield@{there}\n"
    assert job.called() == ["buildx imagetools inspect r/airfield:abc --format {{.Manifest.Digest}}"]
    assert job.run("image", IMAGE="r/airfield", KEEP="1", BUILDER="1").stdout == f"r/airfield@{DIGEST}\n"


def test_without_an_image_nothing_is_built(job: Job) -> None:
    done = job.run("image")
    assert done.returncode != 0
    assert "IMAGE: names registry and repository" in done.stderr


def test_a_password_is_never_an_argument(job: Job) -> None:
    known = {"REGISTRY": "r", "REGISTRY_USERNAME": "me"}
    assert job.run("login", **known, REGISTRY_PASSWORD="secret").returncode == 0  # noqa: S106 (it is none)
    assert job.called() == ["login --username me --password-stdin r", "secret"]
    assert "REGISTRY_PASSWORD: is the password" in job.run("login", **known).stderr


def test_the_host_is_pinned_and_the_key_is_ours_alone(job: Job) -> None:
    pinned = "manager.example.com ssh-ed25519 AAAA"
    assert job.run("ssh", SSH_PRIVATE_KEY="a key", SSH_KNOWN_HOSTS=pinned).returncode == 0
    folder = job.folder / "home" / ".ssh"
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {
        "id_deploy": 0o600,
        "known_hosts": 0o600,
        "config": 0o600,
    }
    assert (folder / "known_hosts").read_text() == f"{pinned}\n"
    assert "StrictHostKeyChecking yes" in (folder / "config").read_text()


@pytest.mark.parametrize("missing", ["SSH_PRIVATE_KEY", "SSH_KNOWN_HOSTS"])
def test_without_a_pinned_host_there_is_no_way_to_it(job: Job, missing: str) -> None:
    given = {"SSH_PRIVATE_KEY": "a key", "SSH_KNOWN_HOSTS": "a host"}
    del given[missing]
    done = job.run("ssh", **given)
    assert done.returncode != 0
    assert missing in done.stderr
    assert not (job.folder / "home" / ".ssh").exists()
