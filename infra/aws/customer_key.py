"""A key of the stack's own, for what it keeps."""

import pulumi
import pulumi_aws as aws

DELETION_WINDOW_DAYS = 30
"""How long a deleted key can be called back, with all that it encrypts: the longest that KMS offers."""


def customer_key(
    name: str,
    description: str,
    opts: pulumi.ResourceOptions,
    policy: pulumi.Input[str] | None = None,
) -> aws.kms.Key:
    """A KMS key that rotates every year; without a policy, the account's IAM alone says who may use it."""
    return aws.kms.Key(
        f"{name}-key",
        description=description,
        enable_key_rotation=True,
        deletion_window_in_days=DELETION_WINDOW_DAYS,
        policy=policy,
        opts=opts,
    )
