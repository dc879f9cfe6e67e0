"""What a task may do, and what ECS may do to start it. Pure."""

import json
import re
from collections.abc import Iterable
from typing import Any

import pulumi

ECR_REPOSITORY = re.compile(r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com/(.+)")


def assumed_by(service: str, *actions: str) -> str:
    """Lets one of AWS's services take a role."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": list(actions) or "sts:AssumeRole",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


ASSUMED_BY_TASKS = assumed_by("ecs-tasks.amazonaws.com")


def execution_policy(
    *, log_group_arn: pulumi.Input[str], secret_arns: Iterable[pulumi.Input[str]], repository: str
) -> pulumi.Output[str]:
    """What ECS needs to start a task: its log group, exactly its secrets, and its image if ECR holds that."""
    secrets = list(secret_arns)
    return policy(
        allow(["logs:CreateLogStream", "logs:PutLogEvents"], pulumi.Output.concat(log_group_arn, ":*")),
        *([allow(["secretsmanager:GetSecretValue"], *secrets)] if secrets else []),
        *image_pull(repository),
    )


def exec_policy(exec_log_group_arn: pulumi.Input[str]) -> pulumi.Output[str]:
    """What a task needs for `aws ecs execute-command`, and for the log of the session."""
    return policy(
        allow(
            [
                "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel",
            ],
            # These actions know no resource, nor does logs:DescribeLogGroups.
            # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonmessagegatewayservice.html
            "*",
        ),
        allow(["logs:DescribeLogGroups"], "*"),
        allow(
            ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            pulumi.Output.concat(exec_log_group_arn, ":*"),
        ),
    )


def image_pull(repository: str) -> list[dict[str, Any]]:
    """The right to pull from an ECR repository; none for an image that lies elsewhere."""
    found = ECR_REPOSITORY.fullmatch(repository)
    if not found:
        return []
    account, region, name = found.groups()
    return [
        # This action knows no resource.
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
        allow(["ecr:GetAuthorizationToken"], "*"),
        allow(
            ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            f"arn:aws:ecr:{region}:{account}:repository/{name}",
        ),
    ]


def allow(actions: list[str], *resources: pulumi.Input[str]) -> dict[str, Any]:
    """One statement."""
    return {"Effect": "Allow", "Action": actions, "Resource": list(resources)}


def policy(*statements: dict[str, Any]) -> pulumi.Output[str]:
    """A policy document."""
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": list(statements)})
