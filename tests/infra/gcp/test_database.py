"""PostgreSQL is reached from inside the VPC only, encrypted, and neither lost nor deleted by mistake."""

from typing import Any

import pytest

from infra.gcp.cloud_sql_tier import cloud_sql_tier
from tests.infra.gcp.stacks import full, gcp_config
from tests.synth import Synthesis, synthesise_config

TIERS = {
    "as asked": ((2, 4096), "db-custom-2-4096"),
    "one is sold": ((1, 3840), "db-custom-1-3840"),
    "three are not": ((3, 8192), "db-custom-4-8192"),
    "memory in steps of 256 MiB": ((2, 4000), "db-custom-2-4096"),
    "more memory needs more CPUs": ((1, 8192), "db-custom-2-8192"),
    "CPUs need some memory": ((8, 4096), "db-custom-8-7424"),
    "the largest": ((96, 638976), "db-custom-96-638976"),
}


def with_database(environment: str = "production", **postgres: object) -> Synthesis:
    return synthesise_config(gcp_config(postgres=postgres, environment=environment))


def settings(declared: Synthesis) -> dict[str, Any]:
    return declared["sql/databaseInstance:DatabaseInstance", "database"].inputs["settings"]


@pytest.mark.parametrize("case", TIERS)
def test_a_machine_is_one_that_is_sold(case: str) -> None:
    asked, sold = TIERS[case]
    assert cloud_sql_tier(*asked) == sold


def test_the_instance_is_what_was_asked_for() -> None:
    instance = full()["sql/databaseInstance:DatabaseInstance", "database"]
    network = full()["compute/network:Network", "network"]
    address = instance.inputs["settings"]["ipConfiguration"].pop("privateNetwork")
    assert network.name in address
    assert instance.inputs == {
        "databaseVersion": "POSTGRES_17",
        "deletionProtection": True,
        "region": "us-central1",
        "settings": {
            "availabilityType": "REGIONAL",
            "backupConfiguration": {
                "backupRetentionSettings": {"retainedBackups": 7, "retentionUnit": "COUNT"},
                "enabled": True,
                "pointInTimeRecoveryEnabled": True,
                "startTime": "03:00",
                "transactionLogRetentionDays": 7,
            },
            "deletionProtectionEnabled": True,
            "diskAutoresize": True,
            "diskAutoresizeLimit": 100,
            "diskSize": 20,
            "diskType": "PD_SSD",
            "edition": "ENTERPRISE",
            "finalBackupConfig": {"enabled": True, "retentionDays": 7},
            "insightsConfig": {
                "queryInsightsEnabled": True,
                "queryPlansPerMinute": 5,
                "queryStringLength": 1024,
                "recordApplicationTags": True,
                "recordClientAddress": False,
            },
            "ipConfiguration": {"ipv4Enabled": False, "sslMode": "ENCRYPTED_ONLY"},
            "maintenanceWindow": {"day": 7, "hour": 4, "updateTrack": "stable"},
            "tier": "db-custom-2-4096",
            "userLabels": {"environment": "production", "project": "airfield"},
        },
    }


def test_its_disk_is_left_to_grow() -> None:
    options = full()["sql/databaseInstance:DatabaseInstance", "database"].options
    assert options["ignoreChanges"] == ["settings.diskSize"]


@pytest.mark.parametrize("environment", ["development", "staging", "production"])
def test_it_is_kept_in_production_only(environment: str) -> None:
    declared = with_database(environment)
    instance = declared["sql/databaseInstance:DatabaseInstance", "database"]
    database = declared["sql/database:Database", "database-database"]
    kept = environment == "production"
    assert [
        instance.options.get("protect", False),
        database.options.get("protect", False),
        instance.inputs["deletionProtection"],
        instance.inputs["settings"]["deletionProtectionEnabled"],
    ] == [kept] * 4


def test_one_zone_is_enough_where_nobody_asked_for_two() -> None:
    assert settings(with_database(highlyAvailable=False))["availabilityType"] == "ZONAL"


@pytest.mark.parametrize(("days", "log_days"), [(1, 1), (7, 7), (30, 7)])
def test_backups_are_kept_as_long_as_asked(days: int, log_days: int) -> None:
    asked = settings(with_database(backupDays=days))
    backups = asked["backupConfiguration"]
    assert asked["finalBackupConfig"] == {"enabled": True, "retentionDays": days}
    assert backups["backupRetentionSettings"]["retainedBackups"] == days
    assert backups["transactionLogRetentionDays"] == log_days


def test_it_waits_for_the_peering_that_gives_it_an_address() -> None:
    options = full()["sql/databaseInstance:DatabaseInstance", "database"].options
    assert any(urn.endswith("::network-private-services") for urn in options["dependencies"])


def test_its_url_has_a_drawn_password_and_asks_for_tls() -> None:
    user = full()["sql/user:User", "database-user"].inputs
    version = full()["secretmanager/secretVersion:SecretVersion", "secrets-DATABASE_URL"].inputs
    password = user["password"]["secret"]
    assert password.isalnum()
    assert len(password) == 32
    assert version["secretData"] == {
        "secret": f"postgresql://airfield:{password}@10.64.0.3:5432/airfield?sslmode=require"
    }


def test_the_secret_waits_for_user_and_database() -> None:
    version = full()["secretmanager/secretVersion:SecretVersion", "secrets-DATABASE_URL"]
    names = {urn.rpartition("::")[2] for urn in version.options["dependencies"]}
    assert {"database", "database-user", "database-database"} <= names


def test_an_external_database_is_not_made() -> None:
    declared = synthesise_config(
        gcp_config(
            postgres={"external": True},
            secrets={"DATABASE_URL": "postgresql://elsewhere/db"},
            workloads={"api": {"public": True, "uses": ["postgres"]}},
        )
    )
    assert declared.of_type("sql/databaseInstance:DatabaseInstance") == []
    version = declared["secretmanager/secretVersion:SecretVersion", "secrets-DATABASE_URL"].inputs
    assert version["secretData"] == {"secret": "postgresql://elsewhere/db"}
