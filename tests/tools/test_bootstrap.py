"""The environment of a bare machine, made by python3 alone."""

import hashlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tools import bootstrap


def program(path: Path, text: str) -> Path:
    """A program of a few lines of shell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh clone, and a machine without uv."""
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "UV_HOME", tmp_path / ".airfield" / "uv")
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/bin")
    return tmp_path


def test_a_new_enough_uv_on_path_makes_the_environment(clone: Path) -> None:
    says = '[ "$1" = --version ] && { echo "uv 0.9.1"; exit; }'
    program(clone / "bin" / "uv", f'{says}\necho "$UV_PYTHON_DOWNLOADS $@" > {clone}/asked; mkdir .venv')
    bootstrap.main()
    assert (clone / "asked").read_text() == f"never sync --locked --quiet --python {sys.executable}\n"
    assert (clone / ".venv" / ".ready").exists()


def test_an_older_uv_is_passed_over_for_the_one_installed_here(clone: Path) -> None:
    program(clone / "bin" / "uv", "echo uv 0.8.9")
    own = program(clone / ".airfield" / "uv" / "bin" / "uv", "echo uv 1.0.0")
    assert bootstrap.find_uv() == str(own)


def test_uv_is_installed_whole_or_not_at_all(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pip = program(
        clone / "pip",
        f'while [ "$1" != --target ]; do shift; done; mkdir -p "$2/bin"; echo $3 > {clone}/asked',
    )
    monkeypatch.setattr(sys, "executable", "/bin/sh")

    def just_pip(_: Path) -> list[str]:
        return [str(pip)]

    monkeypatch.setattr(bootstrap, "pip", just_pip)
    assert bootstrap.install_uv() == str(clone / ".airfield" / "uv" / "bin" / "uv")
    assert (clone / "asked").read_text() == f"uv=={bootstrap.UV_VERSION}\n"
    assert [path.name for path in (clone / ".airfield").iterdir()] == ["uv"]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name there)
        del format, args


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package index that has pip's wheel."""
    folder = tmp_path / "index"
    (folder / "pip").mkdir(parents=True)
    (folder / "pip" / bootstrap.PIP_WHEEL).write_bytes(b"wheel")
    page = f'<a href="../pip/{bootstrap.PIP_WHEEL}#sha256=0">{bootstrap.PIP_WHEEL}</a>'
    (folder / "pip" / "index.html").write_text(page)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever).start()
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}")
    yield folder
    server.shutdown()
    server.server_close()


@pytest.mark.usefixtures("index")
def test_an_interpreter_without_pip_takes_its_wheel_if_it_is_the_right_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(program(tmp_path / "python", "exit 1")))
    with pytest.raises(OSError, match="is not the file that is expected"):
        bootstrap.pip(tmp_path)
    monkeypatch.setattr(bootstrap, "PIP_SHA256", hashlib.sha256(b"wheel").hexdigest())
    assert bootstrap.pip(tmp_path) == [str(tmp_path / bootstrap.PIP_WHEEL / "pip")]
    assert (tmp_path / bootstrap.PIP_WHEEL).read_bytes() == b"wheel"


def test_an_index_without_the_wheel_is_named(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (index / "pip" / "index.html").write_text("")
    monkeypatch.setattr(sys, "executable", str(program(tmp_path / "python", "exit 1")))
    with pytest.raises(OSError, match="does not list"):
        bootstrap.pip(tmp_path)


def test_an_interpreter_with_pip_uses_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(program(tmp_path / "python", "exit 0")))
    assert bootstrap.pip(tmp_path) == ["-m", "pip"]


def test_a_failing_installation_is_answered_without_a_traceback(clone: Path) -> None:
    program(clone / "bin" / "uv", '[ "$1" = --version ] && { echo "uv 0.9.1"; exit; }; exit 2')
    with pytest.raises(SystemExit, match=r"error: uv could not install what uv\.lock pins"):
        bootstrap.main()
    assert not (clone / ".venv").exists()


@pytest.mark.usefixtures("clone")
def test_an_index_out_of_reach_is_answered_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable() -> str:
        raise OSError("unreachable")

    monkeypatch.setattr(bootstrap, "install_uv", unreachable)
    with pytest.raises(SystemExit, match=r"uv could not be obtained \(unreachable\)"):
        bootstrap.main()


def test_a_python_that_is_too_old_hands_over_to_a_newer_one_or_says_so(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "OLDEST_PYTHON", (99, 1))
    with pytest.raises(SystemExit, match=r"and 99\.1 or newer is needed: apt-get install python99\.1"):
        bootstrap.main()
    newer = program(clone / "bin" / "python99.2", "")
    handed: list[str] = []

    def execute(path: str, arguments: list[str]) -> None:
        handed.extend([path, *arguments])
        raise SystemExit

    monkeypatch.setattr(os, "execv", execute)
    with pytest.raises(SystemExit):
        bootstrap.main()
    assert handed == [str(newer), str(newer), bootstrap.__file__]


def test_the_module_needs_nothing_but_the_standard_library() -> None:
    source = Path(bootstrap.__file__)
    ended = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import runpy; runpy.run_path({str(source)!r})"], check=False
    )
    assert ended.returncode == 0
