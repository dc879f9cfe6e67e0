"""The Dockerfile built on a Python image made of this machine: no registry need be in reach."""

import os
import re
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path

from tests.docker_engine import Engine
from tests.root_archive import Root, environment_lines, shared_libraries
from tools.bootstrap import fetch_pip

BASE = "airfield-test-base"
BUILD_SECONDS = 900
REPOSITORY = Path(__file__).parents[1]
PROGRAMS = ("/bin/sh", "/usr/sbin/groupadd", "/usr/sbin/useradd", "/usr/sbin/nologin")
CERTIFICATES = ("/etc/ssl", "/usr/share/ca-certificates", "/usr/local/share/ca-certificates", "/usr/lib/ssl")
# How the operator reaches the package index: for a build here, and in no file of the project.
INDEX_VARIABLES = re.compile(r"(PIP|UV)_\w*(INDEX|CERT|HOST|TLS)\w*|SSL_CERT_(FILE|DIR)")
SEARCHED = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def build_image(engine: Engine, tag: str) -> None:
    """The Dockerfile as it is, on a base that stays there under the name BASE."""
    _build_base(engine)
    # The way to the package index is the machine's; a container of its own network need not have it.
    options = ["--network", "host", "--build-arg", f"PYTHON_IMAGE={BASE}", "--tag", tag]
    engine.docker("build", *options, str(REPOSITORY), seconds=BUILD_SECONDS)


def _build_base(engine: Engine) -> None:
    """The Python that runs this, pip, a shell, programs that make users, a way to the package index."""
    stdlib = Path(sysconfig.get_path("stdlib", vars={"installed_base": sys.base_prefix}))
    python = Path(sys.executable).resolve()
    programs = [python, *map(Path, PROGRAMS)]
    index = {name: value for name, value in os.environ.items() if INDEX_VARIABLES.fullmatch(name)}
    with Root() as root:
        root.files([*programs, *shared_libraries([*programs, *stdlib.rglob("*.so")])])
        for folder in (stdlib, *map(Path, CERTIFICATES)):
            root.folder(folder)
        for name in ("python", "python3"):
            root.link(f"/usr/local/bin/{name}", str(python))
        _add_pip(root, stdlib)
        root.into(engine, BASE, environment_lines({"PATH": f"{python.parent}:{SEARCHED}", **index}))


def _add_pip(root: Root, stdlib: Path) -> None:
    """Where this Python looks for packages, which is elsewhere on Debian."""
    of_debian = stdlib.parent == Path("/usr/lib")
    packages = Path("/usr/lib/python3/dist-packages") if of_debian else stdlib / "site-packages"
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(fetch_pip(Path(folder))) as wheel:
        for name in wheel.namelist():
            root.write(str(packages / name), wheel.read(name))
    root.write("/usr/local/bin/pip", b'#!/bin/sh\nexec python3 -m pip "$@"\n', 0o755)
