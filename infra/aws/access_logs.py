"""Where load balancers write who asked for what."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from infra.aws.bucket import PrivateBucket, PrivateBucketArgs

OLD_VERSION_DAYS = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessLogsArgs:
    """What access logs are made of."""

    retention_days: int
    protected: bool


class AccessLogs(pulumi.ComponentResource):
    """A bucket that load balancers of this account may write to.

    They write with S3's own key, and with no other:
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    """

    bucket_name: pulumi.Output[str]
    """Known once they may write."""

    def __init__(self, name: str, args: AccessLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:aws:AccessLogs", name, None, opts)
        account_id = aws.get_caller_identity_output(opts=pulumi.InvokeOptions(parent=self)).account_id
        self.bucket_name = PrivateBucket(
            name,
            PrivateBucketArgs(
                expire_days=args.retention_days,
                old_version_days=OLD_VERSION_DAYS,
                protected=args.protected,
                statements=lambda arn: delivery(arn, account_id),
            ),
            pulumi.ResourceOptions(parent=self),
        ).name
        self.register_outputs({"bucketName": self.bucket_name})


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
