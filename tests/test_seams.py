"""What is said in two places agrees: the specification, the app, the Dockerfile and the committed stacks."""

import re
import subprocess
import sys
from http import HTTPStatus
from typing import Any, cast

import pytest
from fastapi.testclient import TestClient

from app.cli import SERVICES
from app.main import create_app
from app.settings import ApiSettings, GatewaySettings
from infra.aws.task_definition import USER
from infra.datastores import URL_VARIABLE
from infra.health_command import health_command
from infra.kubernetes.pod_template import USER_ID
from infra.workload import Workload, url_variable
from tests.graphs import stacks
from tests.synth import ROOT, stack_config

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
API = Workload()


def workloads(stack: str) -> dict[str, dict[str, Any]]:
    return cast("dict[str, dict[str, Any]]", stack_config(stack)["airfield:workloads"])


def test_the_app_listens_where_a_workload_is_asked() -> None:
    assert SERVICES["serve"].port == API.port
    assert f"EXPOSE {API.port}" in DOCKERFILE


@pytest.mark.parametrize("path", [API.health.liveness_path, API.health.readiness_path, API.metrics_path])
def test_the_app_answers_on_the_paths_that_platforms_ask(path: str) -> None:
    with TestClient(create_app()) as client:
        assert client.get(path).status_code == HTTPStatus.OK


def test_the_image_runs_as_the_user_that_platforms_set() -> None:
    assert re.findall(r"^USER (\d+):\d+$", DOCKERFILE, re.MULTILINE) == [str(USER_ID)] == [USER]


def test_the_image_gives_scratch_to_its_user() -> None:
    assert 'VOLUME ["/tmp"]' in DOCKERFILE


def test_the_app_reads_the_variables_that_platforms_inject() -> None:
    assert {"ENVIRONMENT", *URL_VARIABLE.values()} <= {name.upper() for name in ApiSettings.model_fields}
    called = {url_variable(name) for name in workloads("orders")["gateway"]["calls"]}
    assert called <= {name.upper() for name in GatewaySettings.model_fields}


def test_the_order_platform_listens_where_its_stack_says() -> None:
    said = {name: workload.get("port", API.port) for name, workload in workloads("orders").items()}
    assert said == {name: SERVICES[name].port for name in said}


@pytest.mark.parametrize("stack", stacks())
def test_a_stack_runs_only_commands_that_the_image_has(stack: str) -> None:
    for name, workload in workloads(stack).items():
        command = workload.get("command", ["python", "-m", "app", "serve"])
        assert command[:3] == ["python", "-m", "app"], name
        assert command[3] in SERVICES, name


def test_the_health_command_fails_where_nobody_answers() -> None:
    nobody = Workload(port=1024)
    _, *arguments = health_command(nobody)
    answer = subprocess.run([sys.executable, *arguments], capture_output=True, check=False)
    assert answer.returncode == 1
