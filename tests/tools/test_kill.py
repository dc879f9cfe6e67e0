"""An `up` that is killed at work, by the kernel's own hand, and what the next command makes of it."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.tools.toy import Said, Toy
from tools.deployment import describe
from tools.engine.workspace import Layout
from tools.project import find_project

FILES = 30
PATIENCE_SECONDS = 60


def wait_for_files(toy: Toy, count: int) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while len(list(toy.root.glob("build/dev/1-manifest/*.yaml"))) < count:
        assert time.monotonic() < give_up, "no manifest came"
        time.sleep(0.002)


def engine_of(process: subprocess.Popen[str]) -> int:
    children = Path(f"/proc/{process.pid}/task").glob("*/children")
    for child in " ".join(path.read_text() for path in children).split():
        if Path(f"/proc/{child}/comm").read_text().strip() == "pulumi":
            return int(child)
    raise AssertionError("the engine does not run")


def kill_at(toy: Toy, count: int, *, engine: bool = False) -> str:
    process = toy.start("up", "dev")
    if count:
        wait_for_files(toy, count)
    else:
        time.sleep(1.5)
    os.kill(engine_of(process) if engine else process.pid, signal.SIGKILL)
    said, _ = process.communicate(timeout=PATIENCE_SECONDS)
    return said


def whole(toy: Toy, said: Said) -> None:
    assert said.code == 0, said.err
    assert len(toy.files()) == FILES + 2


def settled(toy: Toy) -> None:
    whole(toy, toy.airfield("up", "dev"))
    assert "Nothing changes" in toy.airfield("up", "dev").out


@pytest.mark.parametrize("count", [pytest.param(1, marks=pytest.mark.long), 20])
def test_a_killed_up_is_finished_by_the_next_one(toy: Toy, count: int) -> None:
    toy.stack(files=FILES)
    kill_at(toy, count)
    assert len(toy.files()) < FILES + 2
    settled(toy)


@pytest.mark.long
@pytest.mark.parametrize("count", [1, 20])
def test_an_up_whose_engine_is_killed_is_finished_by_the_next_one(toy: Toy, count: int) -> None:
    toy.stack(files=FILES)
    said = kill_at(toy, count, engine=True)
    assert "error: the Pulumi engine was killed at work on dev (kubernetes): the next command goes on" in said
    assert "Traceback" not in said
    whole(toy, toy.airfield("up", "dev"))


@pytest.mark.long
def test_an_up_that_is_killed_before_its_first_file_is_done_by_the_next_one(toy: Toy) -> None:
    toy.stack(files=FILES)
    kill_at(toy, 0)
    whole(toy, toy.airfield("up", "dev"))


@pytest.mark.long
def test_a_killed_up_is_taken_down_whole(toy: Toy) -> None:
    toy.stack(files=FILES)
    kill_at(toy, 20, engine=True)
    said = toy.airfield("down", "dev")
    assert said.code == 0, said.err
    assert not (toy.root / "build").exists()
    assert not (toy.root / ".airfield").exists()


@pytest.mark.long
def test_what_a_killed_up_began_and_nobody_wants_any_more_goes(toy: Toy) -> None:
    toy.stack(files=FILES)
    kill_at(toy, 20, engine=True)
    toy.stack(files=1)
    assert toy.airfield("up", "dev").code == 0
    assert len(toy.files()) == 3


@pytest.mark.long
def test_a_killed_down_is_put_right_by_an_up(toy: Toy) -> None:
    toy.stack(files=FILES)
    toy.airfield("up", "dev")
    process = toy.start("down", "dev")
    while len(toy.files()) > FILES // 2:
        time.sleep(0.002)
    os.kill(engine_of(process), signal.SIGKILL)
    process.communicate(timeout=PATIENCE_SECONDS)
    whole(toy, toy.airfield("up", "dev"))


@pytest.mark.long
def test_an_interrupted_up_ends_with_one_line_and_is_finished_by_the_next_one(toy: Toy) -> None:
    toy.stack(files=FILES)
    process = toy.start("up", "dev")
    wait_for_files(toy, 10)
    for pid in (process.pid, engine_of(process)):
        os.kill(pid, signal.SIGINT)
    said, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 130
    assert said.splitlines()[-1] == "Interrupted: the same command goes on from here"
    assert "Traceback" not in said
    whole(toy, toy.airfield("up", "dev"))


def test_two_commands_do_not_work_on_one_stack(toy: Toy) -> None:
    toy.stack(files=FILES)
    process = toy.start("up", "dev")
    wait_for_files(toy, 1)
    said = toy.airfield("up", "dev")
    assert said.code == 1
    assert f"another airfield is at work on dev (kubernetes) (process {process.pid}): wait for it" in said.err
    process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0
    assert "Nothing changes" in toy.airfield("up", "dev").out


def killed_before_its_engine_began(toy: Toy) -> None:
    deployment = describe(find_project(toy.root), "dev")
    layout = Layout(deployment=deployment, directory=deployment.directory)
    layout.prepare(settings="fresh")
    layout.begin()
    layout.unfinished.touch()


def test_an_up_that_was_killed_before_its_engine_began_is_taken_down(toy: Toy) -> None:
    killed_before_its_engine_began(toy)
    said = toy.airfield("down", "dev")
    assert said.code == 0, said.err
    assert not (toy.root / ".airfield").exists()


def test_an_up_that_was_killed_before_its_engine_began_is_done_by_the_next_one(toy: Toy) -> None:
    killed_before_its_engine_began(toy)
    said = toy.airfield("up", "dev")
    assert said.code == 0, said.err
    assert "Nothing changes" in toy.airfield("up", "dev").out
