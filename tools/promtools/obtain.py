"""Obtains promtool and amtool once for every clone of this machine, from go.mod beside it. Reads no rule.

Their releases are archives of their own sites only; the Go modules are wherever Go's modules are, and are
checked against go.sum. Only the ways to find targets that are in use are built in, which
leaves out the clouds' SDKs.
"""

import os
import shutil
from hashlib import sha256
from pathlib import Path

from tools.console import err
from tools.engine.gobuild import go_command
from tools.engine.lock import in_turn
from tools.engine.obtain import cache_directory
from tools.engine.task import TaskError, run_task
from tools.errors import OperatorError

MODULE = Path(__file__).parent
PROGRAMS = {
    "promtool": "github.com/prometheus/prometheus/cmd/promtool",
    "amtool": "github.com/prometheus/alertmanager/cmd/amtool",
}
TAGS = "remove_all_sd,enable_dns_sd,enable_kubernetes_sd,grpcnotrace"
_BUILD_SECONDS = 3600.0


def obtained_promtools() -> Path:
    """The folder in which both are; built now where they are not yet there."""
    pinned = sha256((MODULE / "go.mod").read_bytes() + TAGS.encode()).hexdigest()[:16]
    home = cache_directory() / f"promtools-{pinned}"
    if _complete(home):
        return home
    with in_turn(home.with_name(f"{home.name}.lock"), "Another process builds promtool: waiting for it"):
        if not _complete(home):
            _build(home)
    return home


def _complete(home: Path) -> bool:
    return all((home / program).is_file() for program in PROGRAMS)


def _build(home: Path) -> None:
    unfinished = home.with_name(f"{home.name}.unfinished{os.getpid()}")
    unfinished.mkdir(parents=True)
    try:
        _go_build(unfinished)
        shutil.rmtree(home, ignore_errors=True)
        unfinished.rename(home)
    except TaskError as error:
        raise OperatorError("promtool and amtool could not be built:", *str(error).splitlines()) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    err.print(f"promtool and amtool are ready in {home}", markup=False)


def _go_build(into: Path) -> None:
    arguments = ["build", "-C", str(MODULE), "-v", "-tags", TAGS, "-ldflags", "-s -w", "-o", f"{into}/"]
    run_task(
        "Building promtool and amtool with Go; it takes minutes, once",
        [*go_command(), *arguments, *PROGRAMS.values()],
        timeout_seconds=_BUILD_SECONDS,
        environment={"GOFLAGS": "", "CGO_ENABLED": "0"},
    )
