"""Asks whichever platform a workload lies on. Knows where each is asked, not what its answers mean."""

import importlib
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tools.errors import OperatorError
from tools.serving import cloud_run, cluster, ecs, swarm
from tools.serving.standing import Standing

_SECONDS = 60
Place = Mapping[str, str]
"""One of the stack's output `services`: the target, and by what it knows the workload there."""


def standing(workload: str, place: Place, asked: str) -> Standing:
    """How a workload stands, as its platform says. Raises OperatorError where it cannot be asked."""
    match place["target"]:
        case "aws":
            return ecs.judge(_aws(place), workload, asked)
        case "gcp":
            return cloud_run.judge(_google_cloud(place), asked)
        case "kubernetes" | "eks":
            return cluster.judge(_cluster(place), workload, asked)
        case "swarm":
            return swarm.judge(_swarm(place), asked)
        case target:
            raise OperatorError(f"the stack's outputs name an unknown target, {target}")


def _aws(place: Place) -> ecs.Answer:
    boto3 = _module("boto3")
    try:
        client = boto3.client("ecs", region_name=place["region"])
        return ecs.ask(client, place["cluster"], place["service"])
    except (_module("botocore.exceptions").BotoCoreError, _module("botocore.exceptions").ClientError) as why:
        raise OperatorError(f"ECS cannot be asked: {why}") from None


def _google_cloud(place: Place) -> cloud_run.Answer:
    auth, requests = _module("google.auth"), _module("google.auth.transport.requests")
    errors = (_module("google.auth.exceptions").GoogleAuthError, _module("requests").RequestException)
    try:
        credentials, _ = auth.default(scopes=[cloud_run.SCOPE])
        session = requests.AuthorizedSession(credentials)
        return cloud_run.ask(session, place["project"], place["region"], place["service"])
    except errors as why:
        raise OperatorError(f"Cloud Run cannot be asked: {why}") from None


def _cluster(place: Place) -> cluster.Answer:
    options = ["--context", place["context"]] if place.get("context") else []
    with tempfile.TemporaryDirectory(prefix="airfield-") as folder:
        if place["target"] == "eks":
            path = str(Path(folder) / "kubeconfig")
            update = ["update-kubeconfig", "--name", place["cluster"], "--region", place["region"]]
            _program("aws", ["eks"], absent="ResourceNotFoundException")([*update, "--kubeconfig", path])
            options = ["--kubeconfig", path]
        kubectl = _program("kubectl", options, absent="NotFound")
        return cluster.ask(kubectl, place["namespace"], place["deployment"])


def _swarm(place: Place) -> swarm.Answer:
    options = ["--host", place["host"]] if place.get("host") else []
    return swarm.ask(_program("docker", options, absent="no such"), place["service"])


def _program(name: str, options: Sequence[str], *, absent: str) -> Callable[[Sequence[str]], str | None]:
    """A program of the operator's that asks; `absent` is how it says that there is no such object."""

    def run(arguments: Sequence[str]) -> str | None:
        try:
            done = subprocess.run(
                [name, *options, *arguments],
                capture_output=True,
                text=True,
                timeout=_SECONDS,
                check=False,
            )
        except FileNotFoundError:
            raise OperatorError(f"{name} is not on PATH, and the platform is asked through it") from None
        except subprocess.TimeoutExpired:
            raise OperatorError(f"{name} does not answer within {_SECONDS} s") from None
        if done.returncode == 0:
            return done.stdout
        if absent.lower() in done.stderr.lower():
            return None
        lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise OperatorError(f"{name} {arguments[0]}: {lines[-1]}")

    return run


def _module(name: str) -> Any:  # noqa: ANN401 (imported only where its platform is asked)
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        raise OperatorError(f"the package of {name} is missing: uv sync --group serving") from None
