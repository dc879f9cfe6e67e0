import json
from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from infra.aws.policies import ASSUMED_BY_TASKS, exec_policy, execution_policy, image_pull
from tests.synth import synthesise

LOGS = "arn:aws:logs:us-east-1:111122223333:log-group:api"
API_KEY_ARN = "arn:aws:secretsmanager:us-east-1:111122223333:secret:api-key"


def document(policy: Callable[[], pulumi.Output[str]]) -> Any:  # noqa: ANN401  a JSON document
    said = synthesise(lambda: aws.iam.RolePolicy("p", role="r", policy=policy()))
    return json.loads(said["RolePolicy", "p"].inputs["policy"])


def allowing(*statements: tuple[list[str], list[str]]) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": actions, "Resource": resources} for actions, resources in statements
        ],
    }


TO_LOG = (["logs:CreateLogStream", "logs:PutLogEvents"], [f"{LOGS}:*"])


def test_only_ecs_tasks_assume_the_roles() -> None:
    assert json.loads(ASSUMED_BY_TASKS) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }


def test_a_task_without_secrets_starts_with_its_log_group_alone() -> None:
    assert document(
        lambda: execution_policy(log_group_arn=LOGS, secret_arns=[], repository="ghcr.io/acme/airfield")
    ) == allowing(TO_LOG)


def test_a_task_starts_with_exactly_its_secrets_and_its_ecr_image() -> None:
    repository = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/api"
    assert document(
        lambda: execution_policy(log_group_arn=LOGS, secret_arns=[API_KEY_ARN], repository=repository)
    ) == allowing(
        TO_LOG,
        (["secretsmanager:GetSecretValue"], [API_KEY_ARN]),
        (["ecr:GetAuthorizationToken"], ["*"]),
        (
            ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            ["arn:aws:ecr:eu-west-1:111122223333:repository/team/api"],
        ),
    )


def test_a_running_task_may_open_an_exec_session_and_log_it_and_nothing_else() -> None:
    assert document(lambda: exec_policy(LOGS)) == allowing(
        (
            [
                "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel",
            ],
            ["*"],
        ),
        (["logs:DescribeLogGroups"], ["*"]),
        (["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"], [f"{LOGS}:*"]),
    )


@pytest.mark.parametrize(
    "repository",
    [
        "airfield",
        "ghcr.io/acme/airfield",
        "public.ecr.aws/acme/airfield",
        "1111.dkr.ecr.us-east-1.amazonaws.com/api",
        "evil.example/111122223333.dkr.ecr.us-east-1.amazonaws.com/api",
        "111122223333.dkr.ecr.us-east-1.amazonaws.com.evil.example/api",
    ],
)
def test_an_image_that_lies_elsewhere_needs_no_right(repository: str) -> None:
    assert image_pull(repository) == []
