"""What holds data on AWS follows a changed stack file in place; what could not is protected."""

from typing import Any

import pytest

from tests.infra.aws.example import changed, everything
from tests.synth import Declared, synthesise_config
from tools.standin.provider import under
from tools.standin.replacement_aws import AWS_REPLACED_BY
from tools.standin.wire import changes

HOLDS_DATA = (
    "rds/instance:Instance",
    "elasticache/replicationGroup:ReplicationGroup",
    "s3/bucket:Bucket",
    "eks/cluster:Cluster",
    "kms/key:Key",
)
EVERYTHING_ELSE: dict[str, Any] = {
    "image": f"111122223333.dkr.ecr.us-east-1.amazonaws.com/api@sha256:{'1' * 64}",
    "postgres": {
        "version": "18",
        "storageGib": 40,
        "maxStorageGib": 400,
        "highlyAvailable": False,
        "backupDays": 14,
    },
    "redis": {"memoryMib": 8192, "replicas": 2},
    "aws": {"databaseMemoryGib": 32, "logRetentionDays": 90, "natPerZone": False},
    "eks": {"kubernetesVersion": "1.35", "publicAccessCidrs": ["203.0.113.0/24"]},
}
"""Every setting of a data store, and of what stands around it."""


def replaced(before: Declared, after: Declared) -> list[str]:
    forcing = AWS_REPLACED_BY[before.type]
    return [change.path for change in changes(before.inputs, after.inputs) if under(change.path, forcing)]


@pytest.mark.parametrize("target", ["aws", "eks"])
def test_no_setting_makes_a_data_store_anew(target: str) -> None:
    after = synthesise_config(changed(target=target, **EVERYTHING_ELSE))
    compared = [
        (each, after[each.type, each.name])
        for end_of_type in HOLDS_DATA
        for each in everything(target).of_type(end_of_type)
    ]
    moved = {old.name for old, new in compared if old.inputs != new.inputs}
    assert moved == {"cache", "database"} | ({"cluster"} if target == "eks" else set())
    assert {str(old): replaced(old, new) for old, new in compared if replaced(old, new)} == {}


@pytest.mark.parametrize("target", ["aws", "eks"])
def test_what_holds_data_is_protected_in_production(target: str) -> None:
    unprotected = {
        each.name
        for end_of_type in HOLDS_DATA
        for each in everything(target).of_type(end_of_type)
        if not each.options.get("protect")
    }
    # Alarms that are on their way are all that this key encrypts.
    assert unprotected == {"alarms-key"}


def test_what_is_made_anew_is_made_before_the_old_one_goes() -> None:
    assert [str(each) for each in everything().resources if each.options.get("deleteBeforeReplace")] == []
    balanced = [
        each
        for end_of_type in (
            "lb/targetGroup:TargetGroup",
            "ec2/securityGroup:SecurityGroup",
            "lb:LoadBalancer",
        )
        for each in everything().of_type(end_of_type)
    ]
    # Two at once need two names, so Pulumi gives them.
    assert balanced
    assert [str(each) for each in balanced if {"name", "namePrefix"} & each.inputs.keys()] == []
