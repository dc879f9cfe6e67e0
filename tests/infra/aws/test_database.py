"""RDS: what is asked for arrives, encrypted, kept, and open to those alone that use it."""

import json
from typing import Any

import pulumi
import pytest

from tests.infra.aws.example import API, changed, everything
from tests.synth import Synthesis, synthesise_config


def instance(said: Synthesis) -> dict[str, Any]:
    return said["rds/instance:Instance", "database"].inputs


def test_a_production_database_is_exactly_this() -> None:
    said = everything()
    password = said["RandomPassword", "database-password"]
    assert password.inputs == {"length": 32, "special": False}
    key = "arn:aws:kms:us-east-1:111122223333:key/database-key-8573800"
    assert {**instance(said), "password": "…"} == {
        "identifier": "database-7ybmhc99",
        "engine": "postgres",
        "engineVersion": "17",
        "allowMajorVersionUpgrade": True,
        "autoMinorVersionUpgrade": True,
        "instanceClass": "db.t4g.medium",
        "storageType": "gp3",
        "allocatedStorage": 20,
        "maxAllocatedStorage": 100,
        "storageEncrypted": True,
        "kmsKeyId": key,
        "multiAz": True,
        "publiclyAccessible": False,
        "dbName": "airfield",
        "username": "airfield",
        "password": "…",
        "parameterGroupName": "database-3549b00",
        "dbSubnetGroupName": "database-3549b00",
        "vpcSecurityGroupIds": ["sg-3549b0028b75d981c"],
        "backupRetentionPeriod": 7,
        "backupWindow": "03:00-04:00",
        "maintenanceWindow": "sun:04:00-sun:05:00",
        "copyTagsToSnapshot": True,
        "skipFinalSnapshot": False,
        "finalSnapshotIdentifier": "database-7ybmhc99-final",
        "deleteAutomatedBackups": False,
        "deletionProtection": True,
        "databaseInsightsMode": "standard",
        "performanceInsightsEnabled": True,
        "performanceInsightsKmsKeyId": key,
        "performanceInsightsRetentionPeriod": 7,
        "monitoringInterval": 60,
        "monitoringRoleArn": "arn:aws:iam::111122223333:role/database-monitoring-68bbc0a",
        "enabledCloudwatchLogsExports": ["postgresql", "upgrade"],
    }
    assert list(instance(said)["password"]) == ["secret"]


def test_only_tls_is_spoken() -> None:
    parameters = everything()["rds/parameterGroup:ParameterGroup", "database"].inputs
    assert parameters["family"] == "postgres17"
    assert parameters["parameters"] == [{"name": "rds.force_ssl", "value": "1", "applyMethod": "immediate"}]


def test_its_key_rotates_and_can_be_called_back_for_a_month() -> None:
    assert everything()["kms/key:Key", "database-key"].inputs == {
        "description": "The database, its snapshots and its insights",
        "enableKeyRotation": True,
        "deletionWindowInDays": 30,
    }


@pytest.mark.parametrize(
    "role", ["rds/instance:Instance database", "kms/key:Key database-key", "RandomPassword database-password"]
)
@pytest.mark.parametrize("environment", ["production", "staging"])
def test_what_holds_data_is_protected_in_production(role: str, environment: str) -> None:
    kind, name = role.split()
    protected = everything(environment=environment)[kind, name].options["protect"]
    assert protected == (environment == "production")


def test_elsewhere_it_may_be_deleted_but_never_without_a_last_snapshot() -> None:
    asked = instance(everything(environment="staging"))
    assert (asked["deletionProtection"], asked["deleteAutomatedBackups"], asked["skipFinalSnapshot"]) == (
        False,
        True,
        False,
    )


def test_its_logs_are_kept_as_long_as_the_others() -> None:
    said = everything()
    groups = [r.inputs for r in said.of_type("LogGroup") if r.parent.endswith("Database database")]
    assert groups == [
        {"name": f"/aws/rds/instance/database-7ybmhc99/{log}", "retentionInDays": 30}
        for log in ("postgresql", "upgrade")
    ]


def test_the_monitoring_role_is_for_rds_alone() -> None:
    said = everything()
    assert json.loads(said["iam/role:Role", "database-monitoring"].inputs["assumeRolePolicy"]) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "monitoring.rds.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    attached = said["RolePolicyAttachment", "database-monitoring"].inputs["policyArn"]
    assert attached == "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"


@pytest.mark.parametrize(("store", "port"), [("database", 5432), ("cache", 6379)])
def test_only_the_workloads_that_use_a_store_reach_it(store: str, port: int) -> None:
    said = everything()
    rules = [r for r in said.of_type("Rule") if store in r.name]
    assert [(r.name, r.inputs["fromPort"], r.inputs["toPort"]) for r in rules] == [
        (f"api-to-{store}", port, port),
        (f"{store}-from-api", port, port),
    ]
    assert all(r.inputs["referencedSecurityGroupId"] and "cidrIpv4" not in r.inputs for r in rules)


def test_the_way_to_an_external_store_is_open_to_anywhere() -> None:
    said = synthesise_config(
        changed(
            postgres={"external": True},
            redis={"external": True},
            secrets={"API_KEY": "a", "DATABASE_URL": "b", "REDIS_URL": "c"},
        )
    )
    assert [r for r in said.resources if r.type in {"airfield:aws:Database", "airfield:aws:Cache"}] == []
    assert sorted(
        r.inputs["fromPort"] for r in said.of_type("EgressRule") if "api-to-internet" in r.name
    ) == [
        443,
        5432,
        6379,
    ]


def test_the_whole_url_is_a_secret_that_the_task_reads_by_reference() -> None:
    said = everything()
    kept = said["secretsmanager/secretVersion:SecretVersion", "secrets-DATABASE_URL"].inputs["secretString"]
    password = instance(said)["password"]["secret"]
    host = kept["secret"].removeprefix(f"postgresql://airfield:{password}@").partition(":")[0]
    assert kept == {
        "secret": f"postgresql://airfield:{password}@{host}:5432/airfield?sslmode=require",
    }
    assert host.endswith(".us-east-1.rds.amazonaws.com")
    (container,) = json.loads(said["ecs/taskDefinition:TaskDefinition", "api"].inputs["containerDefinitions"])
    assert password not in json.dumps(container)
    assert [secret["name"] for secret in container["secrets"]] == ["API_KEY", "DATABASE_URL", "REDIS_URL"]


ASKED: dict[str, tuple[dict[str, object], dict[str, object]]] = {
    "another version": ({"version": "16"}, {"engineVersion": "16"}),
    "no standby": ({"highlyAvailable": False}, {"multiAz": False}),
    "longer backups": ({"backupDays": 35}, {"backupRetentionPeriod": 35}),
    "more storage": (
        {"storageGib": 200, "maxStorageGib": 1000},
        {"allocatedStorage": 200, "maxAllocatedStorage": 1000},
    ),
    "a fixed size": ({"storageGib": 100}, {"allocatedStorage": 100, "maxAllocatedStorage": None}),
}


@pytest.mark.parametrize("case", ASKED)
def test_what_is_asked_for_arrives(case: str) -> None:
    asked, expected = ASKED[case]
    got = instance(synthesise_config(changed(postgres=asked)))
    assert {key: got.get(key) for key in expected} == expected


def test_storage_may_not_grow_by_less_than_rds_can() -> None:
    with pytest.raises(
        pulumi.RunError, match=r"^airfield:postgres\.maxStorageGib: RDS asks for a tenth more"
    ):
        synthesise_config(changed(postgres={"storageGib": 100, "maxStorageGib": 105}))


def test_the_storage_that_rds_grew_is_not_shrunk_again() -> None:
    assert everything()["rds/instance:Instance", "database"].options["ignoreChanges"] == ["allocatedStorage"]


def test_a_stack_without_stores_makes_none() -> None:
    workloads = {"api": {key: value for key, value in API.items() if key not in {"uses", "calls"}}}
    config = changed(workloads=workloads)
    said = synthesise_config(
        {k: v for k, v in config.items() if k not in {"airfield:postgres", "airfield:redis"}}
    )
    assert [r.name for r in said.resources if "rds" in r.type or "elasticache" in r.type] == []
