"""Where a load balancer writes who asked for what."""

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from infra.aws.bucket import PrivateBucket, PrivateBucketArgs

OLD_VERSION_DAYS = 1


def access_logs(
    name: str, retention_days: int, opts: pulumi.ResourceOptions, *, protected: bool
) -> PrivateBucket:
    """A bucket that load balancers of this account may write to.

    Load balancers write with S3's own key, and with no other:
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    """
    account_id = aws.get_caller_identity_output(opts=pulumi.InvokeOptions(parent=opts.parent)).account_id
    return PrivateBucket(
        f"{name}-access-logs",
        PrivateBucketArgs(
            expire_days=retention_days,
            old_version_days=OLD_VERSION_DAYS,
            protected=protected,
            statements=lambda arn: delivery(arn, account_id),
        ),
        opts,
    )


def delivery(bucket_arn: pulumi.Input[str], account_id: pulumi.Input[str]) -> Sequence[dict[str, Any]]:
    """What the service that delivers the logs needs; the path names the account, so no other's get in."""
    return [
        {
            "Effect": "Allow",
            "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": pulumi.Output.concat(bucket_arn, "/AWSLogs/", account_id, "/*"),
        }
    ]
