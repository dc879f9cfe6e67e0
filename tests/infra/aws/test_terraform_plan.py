"""What is declared reads as a Terraform plan, for rule sets that know nothing else."""

import re

import pytest

from tests.infra.aws.example import everything
from tests.infra.aws.terraform_plan import block, plan, singular, terraform_type


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("aws:ec2/vpcEndpoint:VpcEndpoint", "aws_vpc_endpoint"),
        ("aws:rds/instance:Instance", "aws_db_instance"),
        ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "aws_s3_bucket_public_access_block"),
        ("aws:wafv2/webAcl:WebAcl", "aws_wafv2_web_acl"),
        ("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "aws_vpc_security_group_ingress_rule"),
    ],
)
def test_types_have_terraforms_names(token: str, expected: str) -> None:
    assert terraform_type(token) == expected


@pytest.mark.parametrize(
    ("plural", "one"),
    [("metric_queries", "metric_query"), ("default_actions", "default_action"), ("aliases", "alias")],
)
def test_blocks_are_named_in_the_singular(plural: str, one: str) -> None:
    assert singular(plural) == one


def test_objects_and_lists_of_objects_are_blocks_and_maps_stay_maps() -> None:
    assert block(
        {
            "accessLogs": {"bucketName": "b"},
            "defaultActions": [{"targetGroupArn": {"secret": "a"}}],
            "securityGroups": ["sg"],
            "tags": {"Name": "n"},
        }
    ) == {
        "access_logs": [{"bucket_name": "b"}],
        "default_action": [{"target_group_arn": "a"}],
        "security_groups": ["sg"],
        "tags": {"Name": "n"},
    }


def test_a_bucket_and_what_closes_it_find_each_other() -> None:
    resources = plan(everything())["configuration"]["root_module"]["resources"]
    (closed,) = (
        each
        for each in resources
        if each["address"] == "aws_s3_bucket_public_access_block.access-logs-closed"
    )
    assert closed["expressions"]["bucket"]["references"] == [
        "aws_s3_bucket.access-logs.id",
        "aws_s3_bucket.access-logs",
    ]


def test_every_resource_of_aws_is_in_the_plan_once() -> None:
    declared = [each for each in everything().resources if each.type.startswith("aws:")]
    changes = plan(everything())["resource_changes"]
    assert len(changes) == len({change["address"] for change in changes}) == len(declared) > 80
    assert all(re.fullmatch(r"aws_[a-z0-9_]+\.[A-Za-z0-9_-]+", change["address"]) for change in changes)
