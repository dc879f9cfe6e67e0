"""A bucket that nobody sees: private, encrypted, versioned, reached over TLS alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from infra.aws.policies import policy

INCOMPLETE_UPLOAD_DAYS = 7
Statements = Callable[[pulumi.Output[str]], Sequence[dict[str, Any]]]
"""What others may do with a bucket, given its ARN."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateBucketArgs:
    """What a bucket is made of."""

    key_arn: pulumi.Input[str] | None = None
    """Key that encrypts it; None: S3's own, where the writer knows no other."""
    expire_days: int | None = None
    """When objects go; None: never."""
    old_version_days: int
    """How long a replaced or deleted object can be brought back."""
    protected: bool
    """Whether Pulumi refuses to delete it; where it does not, what is in it goes with it."""
    statements: Statements | None = lambda _: ()
    """Whom its policy lets in, beyond the account's own IAM; None: `guard` is called once that is known."""


class PrivateBucket(pulumi.ComponentResource):
    """An S3 bucket, and everything that keeps it to itself."""

    name: pulumi.Output[str]
    """Known once its policy stands."""
    arn: pulumi.Output[str]
    domain_name: pulumi.Output[str]

    def __init__(
        self, name: str, args: PrivateBucketArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("airfield:aws:PrivateBucket", name, None, opts)
        self._name = name
        child = pulumi.ResourceOptions(parent=self)
        bucket = aws.s3.Bucket(
            name,
            force_destroy=not args.protected,
            opts=pulumi.ResourceOptions(parent=self, protect=args.protected),
        )
        self._closed = aws.s3.BucketPublicAccessBlock(
            f"{name}-closed",
            bucket=bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=child,
        )
        aws.s3.BucketOwnershipControls(
            f"{name}-owned",
            bucket=bucket.id,
            rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
            opts=child,
        )
        aws.s3.BucketServerSideEncryptionConfiguration(
            f"{name}-encrypted", bucket=bucket.id, rules=[encryption(args.key_arn)], opts=child
        )
        versions = aws.s3.BucketVersioning(
            f"{name}-versions",
            bucket=bucket.id,
            versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
            opts=child,
        )
        aws.s3.BucketLifecycleConfiguration(
            f"{name}-lifecycle",
            bucket=bucket.id,
            rules=[lifecycle(args.old_version_days, args.expire_days)],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[versions]),
        )
        self.name, self.arn = bucket.bucket, bucket.arn
        self.domain_name = bucket.bucket_regional_domain_name
        if args.statements is not None:
            self.guard(*args.statements(bucket.arn))
        self.register_outputs({"name": self.name})

    def guard(self, *statements: dict[str, Any]) -> None:
        """Lets these in, over TLS, and nobody else."""
        self.name = aws.s3.BucketPolicy(
            f"{self._name}-policy",
            bucket=self.name,
            policy=policy(tls_only(self.arn), *statements),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self._closed]),
        ).bucket


def encryption(key_arn: pulumi.Input[str] | None) -> aws.s3.BucketServerSideEncryptionConfigurationRuleArgs:
    """With a key of the stack's own, or with S3's."""
    return aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
        apply_server_side_encryption_by_default=aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
            sse_algorithm="aws:kms" if key_arn else "AES256", kms_master_key_id=key_arn
        ),
        bucket_key_enabled=key_arn is not None,
    )


def lifecycle(old_version_days: int, expire_days: int | None) -> aws.s3.BucketLifecycleConfigurationRuleArgs:
    """Ends old versions, uploads that never ended and, where that is asked for, the objects themselves."""
    return aws.s3.BucketLifecycleConfigurationRuleArgs(
        id="end",
        status="Enabled",
        filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
        expiration=(
            aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=expire_days) if expire_days else None
        ),
        noncurrent_version_expiration=aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
            noncurrent_days=old_version_days
        ),
        abort_incomplete_multipart_upload=aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
            days_after_initiation=INCOMPLETE_UPLOAD_DAYS
        ),
    )


def tls_only(bucket_arn: pulumi.Input[str]) -> dict[str, Any]:
    """Refuses everybody who does not speak TLS; a refusal is the one statement that may name everything."""
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket_arn, pulumi.Output.concat(bucket_arn, "/*")],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
