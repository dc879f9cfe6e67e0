"""What a GitHub repository may do without a stored key: look, and deploy."""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.aws.policies import allow, policy

ISSUER = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"
PREVIEW_ENVIRONMENT = "preview"
READ_SERVICES = (
    "acm",
    "application-autoscaling",
    "cloudfront",
    "cloudwatch",
    "ec2",
    "ecr",
    "ecs",
    "eks",
    "elasticache",
    "elasticloadbalancing",
    "iam",
    "kms",
    "logs",
    "rds",
    "route53",
    "servicediscovery",
    "sns",
    "wafv2",
)
"""What the stacks declare, and `pulumi refresh` asks about."""
WRITE_SERVICES = (*(service for service in READ_SERVICES if service != "iam"), "s3", "secretsmanager")
ROLE_ACTIONS = [
    "iam:AttachRolePolicy",
    "iam:CreateRole",
    "iam:DeleteRole",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutRolePolicy",
    "iam:TagRole",
    "iam:UntagRole",
    "iam:UpdateAssumeRolePolicy",
]
PASSED_TO = ["ecs-tasks", "eks", "monitoring.rds", "pods.eks", "ec2", "vpc-flow-logs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployRolesArgs:
    """Who is trusted."""

    repository: str
    """On GitHub: `acme/airfield`."""
    branch: str
    environment: str
    """The environment on GitHub whose jobs may deploy; there it is tied to the branch and to approvals."""
    provider_arn: pulumi.Input[str] | None
    """GitHub's provider, of which an account has one; None: this stack makes it."""
    state_bucket: str
    """Where Pulumi keeps the stack's state."""
    state_key_arn: str | None
    """The key of its secrets."""


class DeployRoles(pulumi.ComponentResource):
    """Two roles that jobs of one branch take by GitHub's word: one reads, one deploys.

    A pull request takes none by itself: `airfield plan` rehearses it without a cloud. One that a person let
    into the environment `preview` may look.
    """

    def __init__(self, name: str, args: DeployRolesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:aws:DeployRoles", name, None, opts)
        self._args, self._child = args, pulumi.ResourceOptions(parent=self)
        account_id = aws.get_caller_identity_output(opts=pulumi.InvokeOptions(parent=self)).account_id
        provider_arn = args.provider_arn or self._github(name)
        for role, environment, rights in (
            ("preview", PREVIEW_ENVIRONMENT, preview_policy(args)),
            ("up", args.environment, up_policy(args, account_id)),
        ):
            self._role(f"{name}-{role}", self._trust(provider_arn, environment), rights)
        self.register_outputs({})

    def _github(self, name: str) -> pulumi.Output[str]:
        return aws.iam.OpenIdConnectProvider(
            name, url=f"https://{ISSUER}", client_id_lists=[AUDIENCE], opts=self._child
        ).arn

    def _trust(self, provider_arn: pulumi.Input[str], environment: str) -> pulumi.Output[str]:
        args = self._args
        return pulumi.Output.from_input(provider_arn).apply(
            lambda arn: trusted(arn, args.repository, args.branch, environment)
        )

    def _role(self, name: str, trust: pulumi.Output[str], rights: pulumi.Output[str]) -> None:
        role = aws.iam.Role(name, assume_role_policy=trust, max_session_duration=3600, opts=self._child)
        aws.iam.RolePolicy(name, role=role.id, policy=rights, opts=self._child)


def trusted(provider_arn: str, repository: str, branch: str, environment: str) -> str:
    """Jobs on the branch itself, and those that wait for the environment: GitHub names them by it alone.

    https://docs.github.com/en/actions/reference/security/oidc#example-subject-claims
    """
    subjects = [f"repo:{repository}:ref:refs/heads/{branch}", f"repo:{repository}:environment:{environment}"]
    conditions = {f"{ISSUER}:aud": AUDIENCE, f"{ISSUER}:sub": subjects}
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": provider_arn},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": conditions},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def preview_policy(args: DeployRolesArgs) -> pulumi.Output[str]:
    """Reads the state and asks about resources; the values in Secrets Manager stay closed."""
    return policy(
        # Whatever is asked about may lie under any id; nothing is changed by asking.
        allow(
            [f"{service}:{verb}*" for service in READ_SERVICES for verb in ("Describe", "Get", "List")], "*"
        ),
        allow(["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"], "*"),
        *state(args, ["s3:GetObject", "s3:ListBucket"], ["kms:Decrypt"]),
        {
            "Effect": "Deny",
            "Action": [
                "secretsmanager:GetSecretValue",
                "secretsmanager:BatchGetSecretValue",
                "ssm:GetParameter*",
            ],
            "Resource": "*",
        },
    )


def up_policy(args: DeployRolesArgs, account_id: pulumi.Input[str]) -> pulumi.Output[str]:
    """Makes, changes and deletes what the stacks declare, and hands roles to AWS's services alone."""
    return policy(
        # Physical names carry random suffixes, so no ARN is known beforehand; the services are these alone.
        allow([f"{service}:*" for service in WRITE_SERVICES], "*"),
        allow(["iam:Get*", "iam:List*"], "*"),
        allow(ROLE_ACTIONS, pulumi.Output.concat("arn:aws:iam::", account_id, ":role/*")),
        {
            **allow(["iam:PassRole"], pulumi.Output.concat("arn:aws:iam::", account_id, ":role/*")),
            "Condition": {
                "StringEquals": {"iam:PassedToService": [f"{each}.amazonaws.com" for each in PASSED_TO]}
            },
        },
        {
            **allow(["iam:CreateServiceLinkedRole"], "*"),
            "Condition": {"StringLike": {"iam:AWSServiceName": "*.amazonaws.com"}},
        },
        *state(
            args,
            ["s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"],
            ["kms:Decrypt", "kms:Encrypt"],
        ),
    )


def state(args: DeployRolesArgs, on_bucket: list[str], on_key: list[str]) -> list[dict[str, object]]:
    """The state's bucket, and the key of its secrets."""
    bucket_arn = f"arn:aws:s3:::{args.state_bucket}"
    return [
        allow(on_bucket, bucket_arn, f"{bucket_arn}/*"),
        *([allow(on_key, args.state_key_arn)] if args.state_key_arn else []),
    ]
