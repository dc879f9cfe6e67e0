"""Makes the environment on a bare machine: python3 alone is enough. Imports the standard library only."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 11)
OLDEST_UV = (0, 9)
UV_VERSION = "0.13.8"
UV_HOME = ROOT / ".airfield" / "uv"
PIP_WHEEL = "pip-26.3-py3-none-any.whl"
PIP_SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"
DOWNLOAD_SECONDS = 60


def main() -> None:
    """Install uv where it is missing, and with it what uv.lock pins."""
    if sys.version_info < OLDEST_PYTHON:
        use_newer_python()
    try:
        subprocess.run(
            [find_uv() or install_uv(), "sync", "--locked", "--quiet", "--python", sys.executable],
            cwd=ROOT,
            env={**os.environ, "UV_PYTHON_DOWNLOADS": "never", "UV_PROJECT_ENVIRONMENT": ".venv"},
            check=True,
        )
    except subprocess.CalledProcessError as error:
        sys.exit(f"error: {Path(error.cmd[0]).name} could not install what uv.lock pins: see above")
    except OSError as error:
        sys.exit(f"error: uv could not be obtained ({error}): is the Python package index reachable?")
    (ROOT / ".venv" / ".ready").touch()


def use_newer_python() -> None:
    """Go on with a newer interpreter of this machine, if there is one."""
    major, oldest = OLDEST_PYTHON
    for minor in range(oldest + 4, oldest - 1, -1):
        newer = shutil.which(f"python{major}.{minor}")
        if newer:
            os.execv(newer, [newer, __file__])  # noqa: S606 (there is no shell to start it from)
    found, wanted = ".".join(map(str, sys.version_info[:3])), f"{major}.{oldest}"
    sys.exit(
        f"error: this is Python {found}, and {wanted} or newer is needed: apt-get install python{wanted}"
    )


def find_uv() -> "str | None":
    """The uv on PATH, or the one installed here, if new enough."""
    for path in (shutil.which("uv"), str(UV_HOME / "bin" / "uv")):
        try:
            said = subprocess.run(
                [path or "", "--version"], check=True, capture_output=True, text=True
            ).stdout
        except (OSError, subprocess.CalledProcessError):
            continue
        found = re.search(r"(\d+)\.(\d+)", said)
        if found and (int(found[1]), int(found[2])) >= OLDEST_UV:
            return path
    return None


def install_uv() -> str:
    """Install it below .airfield, whole or not at all."""
    print(f"Installing uv {UV_VERSION} into .airfield/uv …", flush=True)  # noqa: T201 (nothing is installed yet)
    unfinished = UV_HOME.with_name("uv.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    with tempfile.TemporaryDirectory() as directory:
        options = ["--quiet", "--disable-pip-version-check", "--no-warn-script-location"]
        install = ["install", *options, "--target", str(unfinished), f"uv=={UV_VERSION}"]
        quiet = {**os.environ, "PIP_ROOT_USER_ACTION": "ignore"}
        subprocess.run([sys.executable, *pip(Path(directory)), *install], check=True, env=quiet)
    shutil.rmtree(UV_HOME, ignore_errors=True)
    unfinished.rename(UV_HOME)
    return str(UV_HOME / "bin" / "uv")


def pip(directory: Path) -> "list[str]":
    """The interpreter's own pip; where it has none, as on Debian, pip's wheel, which can run itself."""
    if (
        subprocess.run(
            [sys.executable, "-m", "pip", "--version"], check=False, capture_output=True
        ).returncode
        == 0
    ):
        return ["-m", "pip"]
    return [str(fetch_pip(directory) / "pip")]


def fetch_pip(directory: Path) -> Path:
    """Pip's own wheel, checked."""
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/") + "/pip/"
    link = re.search(rf'href="([^"#]*{re.escape(PIP_WHEEL)})[#"]', fetch(index).decode())
    if not link:
        raise OSError(f"{index} does not list {PIP_WHEEL}")
    content = fetch(urllib.parse.urljoin(index, link[1]))
    if hashlib.sha256(content).hexdigest() != PIP_SHA256:
        raise OSError(f"{PIP_WHEEL} from {index} is not the file that is expected")
    wheel = directory / PIP_WHEEL
    wheel.write_bytes(content)
    return wheel


def fetch(url: str) -> bytes:
    """What is at the address."""
    with urllib.request.urlopen(url, timeout=DOWNLOAD_SECONDS) as response:  # noqa: S310 (the operator's index)
        content: bytes = response.read()
    return content


if __name__ == "__main__":
    main()
