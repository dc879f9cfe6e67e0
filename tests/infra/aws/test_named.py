"""What a stack makes only when it is named: registry, backups, edge, roles for deployments."""

import json
from typing import Any

import pulumi
import pytest

from tests.infra.aws.example import NAMED, changed, everything, named
from tests.synth import synthesise_config

GITHUB = "token.actions.githubusercontent.com"


def statements(role: str) -> list[dict[str, Any]]:
    return json.loads(named()["iam/rolePolicy:RolePolicy", role].inputs["policy"])["Statement"]


def test_without_a_name_none_of_it_is_made() -> None:
    kinds = {"Registry", "Backups", "Cdn", "DeployRoles"}
    assert {r.type.rpartition(":")[2] for r in everything().resources} & kinds == set()


def test_a_tag_stays_what_it_was_but_those_that_a_build_moves() -> None:
    repository = named()["ecr/repository:Repository", "registry"]
    assert repository.inputs == {
        "name": "airfield",
        "forceDelete": False,
        "imageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
        "imageTagMutabilityExclusionFilters": [
            {"filter": "latest", "filterType": "WILDCARD"},
            {"filter": "buildcache", "filterType": "WILDCARD"},
        ],
        "imageScanningConfiguration": {"scanOnPush": True},
        "encryptionConfigurations": [{"encryptionType": "KMS"}],
    }
    assert repository.options["protect"] is True


def test_images_that_nobody_names_go() -> None:
    policy = json.loads(named()["ecr/lifecyclePolicy:LifecyclePolicy", "registry"].inputs["policy"])
    assert [rule["selection"] for rule in policy["rules"]] == [
        {
            "tagStatus": "untagged",
            "countType": "sinceImagePushed",
            "countUnit": "days",
            "countNumber": 14,
        },
        {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 100},
    ]


def test_backups_have_a_key_of_their_own() -> None:
    said = named()
    (rule,) = said["BucketServerSideEncryptionConfiguration", "backups-encrypted"].inputs["rules"]
    assert rule["applyServerSideEncryptionByDefault"]["sseAlgorithm"] == "aws:kms"
    assert "/backups-key-" in rule["applyServerSideEncryptionByDefault"]["kmsMasterKeyId"]
    assert [
        said[kind, name].options["protect"]
        for kind, name in (("s3/bucket:Bucket", "backups"), ("Key", "backups-key"))
    ] == [True, True]


def test_the_api_is_not_cached_and_files_are() -> None:
    edge = named()["cloudfront/distribution:Distribution", "edge"].inputs
    assert edge["defaultCacheBehavior"] == {
        "targetOriginId": "balancer",
        "viewerProtocolPolicy": "redirect-to-https",
        "allowedMethods": ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"],
        "cachedMethods": ["GET", "HEAD"],
        "cachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        "originRequestPolicyId": "216adef6-5c7f-47e4-b989-5492eafa07d3",
        "responseHeadersPolicyId": "67f7725c-6f97-4210-82d7-5512b31e9d03",
        "compress": True,
    }
    (files,) = edge["orderedCacheBehaviors"]
    assert (
        files["pathPattern"],
        files["targetOriginId"],
        files["allowedMethods"],
        files["cachePolicyId"],
    ) == (
        "/static/*",
        "static",
        ["GET", "HEAD"],
        "658327ea-f89d-4fab-a63d-7e88639e58f6",
    )
    assert (edge["aliases"], edge["viewerCertificate"]["minimumProtocolVersion"]) == (
        ["api.example.com"],
        "TLSv1.2_2021",
    )


def test_the_edge_speaks_tls_to_the_balancer_and_signs_what_it_asks_of_the_bucket() -> None:
    said = named()
    balancer, static = said["cloudfront/distribution:Distribution", "edge"].inputs["origins"]
    assert balancer["customOriginConfig"] == {
        "httpPort": 80,
        "httpsPort": 443,
        "originProtocolPolicy": "https-only",
        "originSslProtocols": ["TLSv1.2"],
        "originReadTimeout": 60,
    }
    assert static["originAccessControlId"]
    access = said["OriginAccessControl", "edge"].inputs
    assert (access["signingBehavior"], access["signingProtocol"]) == ("always", "sigv4")
    _, reading = json.loads(said["BucketPolicy", "static-policy"].inputs["policy"])["Statement"]
    assert (reading["Principal"], reading["Action"], reading["Condition"]) == (
        {"Service": "cloudfront.amazonaws.com"},
        "s3:GetObject",
        {"StringEquals": reading["Condition"]["StringEquals"]},
    )
    (arn,) = reading["Condition"]["StringEquals"].values()
    assert arn.startswith("arn:aws:cloudfront::111122223333:distribution/edge-")
    assert "*" not in arn
    assert "Distribution edge" in said["BucketPolicy", "static-policy"].waits_for


def test_behind_the_edge_the_balancer_is_closed_to_everybody_else() -> None:
    said = named()
    (way_in,) = [r for r in said.of_type("IngressRule") if r.name.startswith("api-balancer")]
    assert {key: way_in.inputs.get(key) for key in ("prefixListId", "cidrIpv4", "fromPort", "toPort")} == {
        "prefixListId": "pl-3b927c52",
        "cidrIpv4": None,
        "fromPort": 443,
        "toPort": 443,
    }
    assert [r.name for r in said.of_type("route53/record:Record")] == ["api-proof", "edge-a", "edge-aaaa"]


def test_the_edges_certificate_and_firewall_are_where_cloudfront_looks() -> None:
    config = changed(aws={"cdn": {}}) | {"aws:region": "eu-central-1"}
    said = synthesise_config(config)
    certificate = said["acm/certificate:Certificate", "api-us-east-1"]
    assert (certificate.inputs["region"], certificate.inputs["domainName"]) == (
        "us-east-1",
        "api.example.com",
    )
    assert said["wafv2/webAcl:WebAcl", "edge-firewall"].inputs["region"] == "us-east-1"
    assert len(said.of_type("route53/record:Record")) == 3
    assert len(named().of_type("acm/certificate:Certificate")) == 1


def test_the_firewall_has_the_core_rules_and_a_limit_for_each_address() -> None:
    rules = named()["wafv2/webAcl:WebAcl", "edge-firewall"].inputs["rules"]
    assert [(rule["name"], rule["priority"]) for rule in rules] == [
        ("AWSManagedRulesCommonRuleSet", 1),
        ("AWSManagedRulesKnownBadInputsRuleSet", 2),
        ("rate", 3),
    ]
    assert rules[2]["statement"]["rateBasedStatement"] == {
        "limit": 2000,
        "aggregateKeyType": "IP",
        "evaluationWindowSec": 300,
    }
    assert list(rules[2]["action"]) == ["block"]


def test_the_firewall_may_be_left_out() -> None:
    said = synthesise_config(changed(aws={"cdn": {"firewall": False}}))
    assert said.of_type("WebAcl") == []
    assert "webAclId" not in said["cloudfront/distribution:Distribution", "edge"].inputs


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        ({"domain": ""}, "airfield:aws.cdn: needs airfield:domain"),
        ({"target": "eks"}, "airfield:aws.cdn: on eks it needs airfield:kubernetes.ingressClass: alb"),
    ],
)
def test_an_edge_that_cannot_be_made_is_refused(keys: dict[str, str], answer: str) -> None:
    with pytest.raises(pulumi.RunError, match=f"^{answer}"):
        synthesise_config(changed(aws={"cdn": {}}, **keys))


@pytest.mark.parametrize(
    ("role", "environment"), [("deploy-preview", "preview"), ("deploy-up", "production")]
)
def test_jobs_of_one_branch_or_one_environment_are_trusted_and_no_others(role: str, environment: str) -> None:
    made = named()["iam/role:Role", role].inputs
    (statement,) = json.loads(made["assumeRolePolicy"])["Statement"]
    assert statement["Principal"]["Federated"].startswith("arn:aws:iam::111122223333:openidconnectprovider/")
    assert (statement["Action"], statement["Condition"]) == (
        "sts:AssumeRoleWithWebIdentity",
        {
            "StringEquals": {
                f"{GITHUB}:aud": "sts.amazonaws.com",
                f"{GITHUB}:sub": [
                    "repo:acme/airfield:ref:refs/heads/main",
                    f"repo:acme/airfield:environment:{environment}",
                ],
            }
        },
    )
    assert made["maxSessionDuration"] == 3600
    assert named()["OpenIdConnectProvider", "deploy"].inputs == {
        "url": f"https://{GITHUB}",
        "clientIdLists": ["sts.amazonaws.com"],
    }


def test_an_account_that_knows_github_makes_no_second_provider() -> None:
    deploy = {**NAMED["deploy"], "providerArn": "arn:aws:iam::111122223333:oidc-provider/github"}
    said = synthesise_config(changed(aws={"deploy": deploy}))
    assert said.of_type("OpenIdConnectProvider") == []
    assert "oidc-provider/github" in said["iam/role:Role", "deploy-up"].inputs["assumeRolePolicy"]


def test_the_previewing_role_reads_and_never_a_secrets_value() -> None:
    allowed = {
        action for s in statements("deploy-preview") if s["Effect"] == "Allow" for action in s["Action"]
    }
    verbs = {action.partition(":")[2] for action in allowed}
    assert verbs == {
        "Describe*",
        "Get*",
        "List*",
        "DescribeSecret",
        "GetResourcePolicy",
        "GetObject",
        "ListBucket",
        "Decrypt",
    }
    assert not {a for a in allowed if a.startswith(("secretsmanager:Get*", "ssm:", "s3:Get*"))}
    assert statements("deploy-preview")[-1] == {
        "Effect": "Deny",
        "Action": [
            "secretsmanager:GetSecretValue",
            "secretsmanager:BatchGetSecretValue",
            "ssm:GetParameter*",
        ],
        "Resource": "*",
    }


def test_both_roles_reach_only_this_stacks_state_and_its_key() -> None:
    for role in ("deploy-preview", "deploy-up"):
        on_bucket = [s for s in statements(role) if "s3:GetObject" in s["Action"]]
        on_key = [s for s in statements(role) if "kms:Decrypt" in s["Action"]]
        assert [s["Resource"] for s in on_bucket] == [
            ["arn:aws:s3:::acme-state", "arn:aws:s3:::acme-state/*"]
        ]
        assert [s["Resource"] for s in on_key] == [["arn:aws:kms:us-east-1:111122223333:key/state"]]


def test_the_deploying_role_hands_roles_to_the_services_of_the_stacks_alone() -> None:
    (passing,) = [s for s in statements("deploy-up") if s["Action"] == ["iam:PassRole"]]
    assert passing["Condition"] == {
        "StringEquals": {
            "iam:PassedToService": [
                f"{service}.amazonaws.com"
                for service in ("ecs-tasks", "eks", "monitoring.rds", "pods.eks", "ec2", "vpc-flow-logs")
            ]
        }
    }
    assert not [s for s in statements("deploy-up") if "iam:*" in s["Action"]]
