"""The servers of the data stores as programs, with the official images. Pure."""

from infra.datastores import PORT, Postgres, Redis
from infra.pinned_images import POSTGRES, REDIS
from infra.postgres_server import BACKUP, INITDB_ARGUMENTS, OWNER, PREPARATION, RESTORE
from infra.redis_server import redis_configuration
from infra.swarm.files import SECRETS_PATH, Mounted
from infra.swarm.program import Check, Program

WITH_DATA = "node.labels.airfield.data==true"
"""The node that keeps the volumes: a volume does not follow a task to another."""
POSTGRES_USER = "70:70"
REDIS_USER = "999:1000"
"""The users of the images built on Alpine Linux."""
POSTGRES_HOME = "/var/lib/postgresql"
"""Its user owns it in the image, and so in a new volume."""
SCRATCH = "/tmp"  # noqa: S108  in the container
PASSWORD_PATH = f"{SCRATCH}/password.conf"
SCRIPTS_PATH = "/etc/airfield"
REDIS_PATH = "/etc/redis/redis.conf"
BACKUP_HOUR = 3
BACKUP_MINUTES = 26 * 60
"""A day, and the time that a dump and its repetitions may take."""

NIGHTLY = f"""\
set -eu
dump() {{ until sh {SCRIPTS_PATH}/backup.sh; do sleep 30; done; }}
if [ -z "$(find "$BACKUPS_PATH" -name 'airfield-*.dump' -mmin -1440)" ]; then dump; fi
while :; do
  sleep $((86400 - ($(date -u +%s) + 86400 - {BACKUP_HOUR} * 3600) % 86400))
  dump
done
"""
"""At once where no dump is of today, and then every night: a Swarm starts nothing by the clock."""


def password_name(name: str) -> str:
    """The secret with a store's password."""
    return f"{name}-password"


def database(name: str, postgres: Postgres, secret: Mounted, configs: tuple[Mounted, ...]) -> Program:
    """The server, and what the image runs once, when the data directory is empty."""
    return Program(
        image=POSTGRES[postgres.version],
        arguments=("postgres", "-c", "shared_buffers=256MB"),
        environment={
            "PGDATA": f"{POSTGRES_HOME}/airfield",
            "POSTGRES_INITDB_ARGS": INITDB_ARGUMENTS,
            "POSTGRES_USER": "postgres",
            "POSTGRES_PASSWORD_FILE": secret.path,
        },
        user=POSTGRES_USER,
        scratch=(SCRATCH, "/var/run/postgresql", "/dev/shm"),  # noqa: S108  in the container
        volumes={f"{name}-data": POSTGRES_HOME},
        secrets=(secret,),
        configs=configs,
        # While the image prepares the database, the server answers on its socket only.
        check=Check(
            command=("pg_isready", "--host=127.0.0.1", f"--username={OWNER}", f"--dbname={OWNER}"),
            start_seconds=300,
        ),
        millicores=1000,
        memory_mib=1024,
        reserved_millicores=250,
        reserved_mib=512,
        stop_seconds=60,
    )


def preparation() -> dict[str, str]:
    """What the image runs once, by its path."""
    return {f"/docker-entrypoint-initdb.d/{name}": text for name, text in PREPARATION.items()}


def database_backup(name: str, postgres: Postgres, secret: Mounted, configs: tuple[Mounted, ...]) -> Program:
    """Dumps the database of `name` every night, and keeps the newest; unhealthy once none is new."""
    find = f"find {POSTGRES_HOME} -name 'airfield-*.dump' -mmin -{BACKUP_MINUTES} | grep -q ."
    return Program(
        image=POSTGRES[postgres.version],
        entry_point=("sh", f"{SCRIPTS_PATH}/nightly.sh"),
        environment={
            "BACKUPS_PATH": POSTGRES_HOME,
            "BACKUPS_KEPT": str(postgres.backup_days),
            "PGHOST": name,
            "PGUSER": OWNER,
            "PGDATABASE": OWNER,
        },
        user=POSTGRES_USER,
        volumes={f"{name}-backups": POSTGRES_HOME},
        secrets=(secret,),
        configs=configs,
        check=Check(command=("sh", "-c", find), interval_seconds=30, start_seconds=1800),
        millicores=500,
        memory_mib=512,
        reserved_millicores=20,
        reserved_mib=64,
    )


def backup_scripts(secret_name: str) -> dict[str, str]:
    """By path: what runs, the dump itself, and the way back from one."""
    login = f'PGPASSWORD="$(cat {SECRETS_PATH}/{secret_name})"\nexport PGPASSWORD\n'
    return {
        f"{SCRIPTS_PATH}/nightly.sh": NIGHTLY,
        f"{SCRIPTS_PATH}/backup.sh": f"{login}{BACKUP}",
        f"{SCRIPTS_PATH}/restore.sh": f"{login}{RESTORE}",
    }


def cache(name: str, redis: Redis, secret: Mounted, configs: tuple[Mounted, ...]) -> Program:
    """The server, whose password no list of processes shows."""
    start = (
        f"umask 077; printf 'requirepass %s\\n' \"$(cat {secret.path})\" > {PASSWORD_PATH};"
        f" exec redis-server {REDIS_PATH}"
    )
    ask = f'REDISCLI_AUTH="$(cat {secret.path})" redis-cli -e ping'
    return Program(
        image=REDIS,
        entry_point=("sh", "-euc", start),
        user=REDIS_USER,
        volumes={f"{name}-data": "/data"},
        secrets=(secret,),
        configs=configs,
        check=Check(command=("sh", "-euc", ask), start_seconds=300),
        millicores=500,
        # While the append-only file is rewritten, pages that change are there twice.
        memory_mib=redis.memory_mib * 3 // 2 + 64,
        reserved_millicores=100,
        reserved_mib=redis.memory_mib,
        stop_seconds=60,
    )


def cache_files(redis: Redis) -> dict[str, str]:
    """Its configuration, by its path."""
    return {REDIS_PATH: redis_configuration(redis, PASSWORD_PATH)}


def database_url(name: str, password: str) -> str:
    """Where workloads find the database."""
    return f"postgresql://{OWNER}:{password}@{name}:{PORT['postgres']}/{OWNER}"


def cache_url(name: str, password: str) -> str:
    """Where workloads find the cache."""
    return f"redis://:{password}@{name}:{PORT['redis']}/0"
