"""Who is told when something is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from infra.aws.customer_key import customer_key
from infra.aws.policies import policy

CLOUDWATCH = "cloudwatch.amazonaws.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationsArgs:
    """Where alarms arrive."""

    emails: Sequence[str]


class Notifications(pulumi.ComponentResource):
    """An encrypted topic that CloudWatch alone publishes to."""

    topic_arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: NotificationsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("airfield:aws:Notifications", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        account_id = aws.get_caller_identity_output(opts=pulumi.InvokeOptions(parent=self)).account_id
        key = customer_key(name, "What alarms say", child, policy=key_policy(account_id))
        topic = aws.sns.Topic(name, kms_master_key_id=key.id, opts=child)
        guarded = aws.sns.TopicPolicy(
            name, arn=topic.arn, policy=topic_policy(topic.arn, account_id), opts=child
        )
        for email in args.emails:
            aws.sns.TopicSubscription(
                f"{name}-{email}", topic=topic.arn, protocol="email", endpoint=email, opts=child
            )
        self.topic_arn = guarded.arn
        self.register_outputs({"topicArn": self.topic_arn})


def key_policy(account_id: pulumi.Input[str]) -> pulumi.Output[str]:
    """Lets CloudWatch encrypt, which AWS's own key for SNS does not.

    In a key's policy `*` is the key itself. The account keeps every right, or nobody could change the key:
    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
    """
    return policy(
        {
            "Effect": "Allow",
            "Principal": {"AWS": pulumi.Output.concat("arn:aws:iam::", account_id, ":root")},
            "Action": "kms:*",
            "Resource": "*",
        },
        by_cloudwatch(["kms:Decrypt", "kms:GenerateDataKey*"], "*", account_id),
    )


def topic_policy(topic_arn: pulumi.Input[str], account_id: pulumi.Input[str]) -> pulumi.Output[str]:
    """Lets the account's alarms publish."""
    return policy(by_cloudwatch(["sns:Publish"], topic_arn, account_id))


def by_cloudwatch(
    actions: list[str], resource: pulumi.Input[str], account_id: pulumi.Input[str]
) -> dict[str, Any]:
    """A statement for the alarms of one account."""
    return {
        "Effect": "Allow",
        "Principal": {"Service": CLOUDWATCH},
        "Action": actions,
        "Resource": resource,
        "Condition": {"StringEquals": {"aws:SourceAccount": account_id}},
    }
