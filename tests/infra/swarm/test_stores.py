"""Data stores keep their data on one node, their passwords out of sight, and a dump of every night."""

import subprocess
import time
from base64 import b64decode
from pathlib import Path

import pytest

from infra.swarm.stores import backup_scripts
from tests.infra.swarm.example import container, members, said, service
from tests.synth import Synthesis

STORES = {"postgres": {"version": "17", "backupDays": 9}, "redis": {"memoryMib": 512}}


@pytest.fixture(scope="module")
def stack() -> Synthesis:
    return said(
        environment="production",
        image="api@sha256:" + "0" * 64,
        workloads={"api": {"uses": ["postgres", "redis"]}, "worker": {}},
        swarm={"monitoring": "none"},
        **STORES,
    )


def volumes(stack: Synthesis, name: str) -> dict[str, str]:
    mounts = container(stack, name)["mounts"]
    return {each["source"]: each["target"] for each in mounts if each["type"] == "volume"}


def test_data_lies_in_volumes_of_one_node(stack: Synthesis) -> None:
    assert volumes(stack, "database") == {"airfield_database-data": "/var/lib/postgresql"}
    assert volumes(stack, "database-backup") == {"airfield_database-backups": "/var/lib/postgresql"}
    assert volumes(stack, "cache") == {"airfield_cache-data": "/data"}
    for name in ("database", "database-backup", "cache"):
        task = service(stack, name)["taskSpec"]
        assert task["placement"]["constraints"] == ["node.labels.airfield.data==true"]
        assert service(stack, name)["mode"] == {"replicated": {"replicas": 1}}
        assert service(stack, name)["updateConfig"]["order"] == "stop-first"


def test_no_two_servers_ever_run_on_one_volume_and_no_volume_is_a_resource(stack: Synthesis) -> None:
    assert stack.of_type("volume:Volume") == []


def test_the_database_is_told_what_the_image_asks_for(stack: Synthesis) -> None:
    assert container(stack, "database")["env"] == {
        "PGDATA": "/var/lib/postgresql/airfield",
        "POSTGRES_INITDB_ARGS": "--data-checksums --locale-provider=icu --icu-locale=und",
        "POSTGRES_PASSWORD_FILE": "/run/secrets/database-password",
        "POSTGRES_USER": "postgres",
    }
    assert container(stack, "database")["user"] == "70:70"


def test_a_store_is_met_by_those_that_use_it_alone_and_meets_nobody_outside(stack: Synthesis) -> None:
    met = {name: on_it for name, on_it in members(stack).items() if {"database", "cache"} & {*on_it}}
    assert met == {
        "api-to-cache": ["api", "cache"],
        "api-to-database": ["api", "database"],
        "cache": ["cache"],
        "database": ["database"],
        "database-backup-to-database": ["database", "database-backup"],
    }
    internal = {each.name: each.inputs["internal"] for each in stack.of_type("index/network:Network")}
    assert all(internal[f"networks-{name}"] for name in met)


def test_passwords_are_drawn_and_kept_and_reach_a_workload_within_its_url_only(stack: Synthesis) -> None:
    drawn = stack.of_type("RandomPassword")
    assert {password.name for password in drawn} == {"cache-password", "database-password"}
    assert {password.options.get("protect") for password in drawn} == {True}
    assert {name for name in container(stack, "api")["env"] if name.endswith("_FILE")} == {
        "DATABASE_URL_FILE",
        "REDIS_URL_FILE",
    }
    mounted = {each["fileName"].rpartition("/")[2] for each in container(stack, "api")["secrets"]}
    assert mounted == {"DATABASE_URL", "REDIS_URL"}
    assert "secrets" not in container(stack, "worker")
    assert "passwords" not in stack.outputs


def test_an_external_store_is_a_secret_and_no_server() -> None:
    stack = said(
        workloads={"api": {"uses": ["postgres"]}},
        postgres={"external": True},
        swarm={"monitoring": "none"},
        secrets={"DATABASE_URL": "postgresql://elsewhere/db"},
    )
    assert [each.name for each in stack.of_type("index/service:Service")] == ["api"]
    assert b64decode(stack["secret:Secret", "secrets-database-url"].inputs["data"]["secret"]) == (
        b"postgresql://elsewhere/db"
    )


def test_a_dump_is_made_at_once_kept_as_long_as_asked_and_missed_after_a_day(stack: Synthesis) -> None:
    backup = container(stack, "database-backup")
    assert backup["env"]["BACKUPS_KEPT"] == "9"
    assert backup["env"]["PGHOST"] == "database"
    assert backup["commands"] == ["sh", "/etc/airfield/nightly.sh"]
    assert "-mmin -1560" in backup["healthcheck"]["tests"][-1]
    assert backup["healthcheck"]["startPeriod"] == "1800s"


def played(tmp_path: Path, *, seconds_of_day: int) -> list[str]:
    """What the night's script does first, the clock standing still and every sleep told instead of slept."""
    day = 1_800_000_000 // 86400 * 86400
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in {
        "date": f"echo {day + seconds_of_day}",
        "sleep": f'echo "sleep $1" >> {tmp_path}/log; test "$(wc -l < {tmp_path}/log)" -lt 4',
    }.items():
        (programs / name).write_text(f"#!/bin/sh\n{text}\n")
        (programs / name).chmod(0o755)
    script = backup_scripts("database-password")["/etc/airfield/nightly.sh"]
    (tmp_path / "backup.sh").write_text(f"echo dump >> {tmp_path}/log\n")
    (tmp_path / "nightly.sh").write_text(script.replace("/etc/airfield", str(tmp_path)))
    kept = tmp_path / "kept"
    kept.mkdir(exist_ok=True)
    subprocess.run(
        ["sh", tmp_path / "nightly.sh"],
        env={"PATH": f"{programs}:/usr/bin:/bin", "BACKUPS_PATH": str(kept)},
        check=False,
        timeout=20,
    )
    return (tmp_path / "log").read_text().splitlines()


@pytest.mark.parametrize(
    ("seconds_of_day", "slept"), [(0, 3 * 3600), (3 * 3600 - 1, 1), (3 * 3600, 86400), (4 * 3600, 23 * 3600)]
)
def test_the_first_dump_is_made_now_and_the_next_at_three(
    tmp_path: Path, seconds_of_day: int, slept: int
) -> None:
    assert played(tmp_path, seconds_of_day=seconds_of_day)[:3] == ["dump", f"sleep {slept}", "dump"]


def test_a_dump_of_today_is_enough_for_today(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / f"airfield-{time.time_ns()}.dump").touch()
    assert played(tmp_path, seconds_of_day=0)[:2] == ["sleep 10800", "dump"]


def test_the_cache_has_room_for_what_is_asked_and_for_a_rewrite() -> None:
    stack = said(workloads={"api": {"uses": ["redis"]}}, redis={"memoryMib": 1000})
    resources = service(stack, "cache")["taskSpec"]["resources"]
    mib = 1024 * 1024
    assert resources["reservation"]["memoryBytes"] == 1000 * mib
    assert resources["limits"]["memoryBytes"] == 1564 * mib
