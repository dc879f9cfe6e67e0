"""Finds the Pulumi engine, or obtains it once for every clone of this machine. Knows not what it is for."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from pulumi.automation import InvalidVersionError, PulumiCommand
from semver import VersionInfo

from tools.console import err
from tools.engine.gobuild import go_build
from tools.engine.lock import in_turn
from tools.engine.release import engine_version
from tools.engine.task import TaskError, run_task
from tools.errors import OperatorError

_INSTALLER = "https://get.pulumi.com/install.sh"
_PROBE_SECONDS = 8.0
_INSTALL_SECONDS = 600.0
_PROBE = f"import urllib.request; urllib.request.urlopen({_INSTALLER!r}, timeout=5)"
_INSTALL = """
import sys
from pulumi.automation import PulumiCommand
from semver import VersionInfo
PulumiCommand.install(sys.argv[1], VersionInfo.parse(sys.argv[2]))
"""


def cache_directory() -> Path:
    """What is obtained once and shared by every clone."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "airfield"


def obtained_engine() -> PulumiCommand:
    """The engine: on PATH, obtained before, or obtained now."""
    version = engine_version()
    home = cache_directory() / f"pulumi-{version}"
    found = _usable(None) or _usable(home)
    if found:
        return found
    with in_turn(
        home.with_name(f"{home.name}.lock"), "Another process obtains the Pulumi engine: waiting for it"
    ):
        found = _usable(home)
        if not found:
            _obtain(version, home)
            found = _usable(home)
    if not found:
        raise _unobtainable("what was obtained does not run")
    return found


def _usable(root: Path | None) -> PulumiCommand | None:
    with contextlib.suppress(OSError, subprocess.CalledProcessError, InvalidVersionError):
        return PulumiCommand(str(root) if root else None, VersionInfo.parse(engine_version()))
    return None


def _obtain(version: str, home: Path) -> None:
    for abandoned in home.parent.glob(f"{home.name}.unfinished*"):
        shutil.rmtree(abandoned, ignore_errors=True)
    reasons: list[str] = []
    ways: tuple[Callable[[str, Path], None], ...] = (_install, go_build)
    for way in ways:
        unfinished = home.with_name(f"{home.name}.unfinished{os.getpid()}")
        try:
            way(version, unfinished)
            shutil.rmtree(home, ignore_errors=True)
            unfinished.rename(home)
        except (TaskError, OSError) as error:
            reasons.append(str(error))
        else:
            err.print(f"The Pulumi engine {version} is ready in {home}", markup=False)
            return
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    raise _unobtainable(reasons[-1])


def _install(version: str, home: Path) -> None:
    """Through the official installer, where it can be reached."""
    probe = [sys.executable, "-c", _PROBE]
    run_task("Looking for Pulumi's installer", probe, timeout_seconds=_PROBE_SECONDS)
    arguments = [sys.executable, "-c", _INSTALL, str(home), version]
    run_task(f"Installing the Pulumi engine {version}", arguments, timeout_seconds=_INSTALL_SECONDS)


def _unobtainable(reason: str) -> OperatorError:
    return OperatorError(
        f"the Pulumi engine {engine_version()} is not here, and could not be obtained; the last try said:",
        *reason.splitlines(),
        "Install it as https://www.pulumi.com/docs/install/ says, and type the same again",
    )
