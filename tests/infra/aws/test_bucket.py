"""Buckets: nobody from outside, nothing in plain text, nothing gone by mistake."""

import json
from functools import cache

import pytest

from infra.aws.bucket import PrivateBucket, PrivateBucketArgs
from tests.infra.aws.example import everything
from tests.synth import Synthesis, synthesise


@cache
def bucket(
    *, protected: bool = True, key_arn: str | None = None, expire_days: int | None = None
) -> Synthesis:
    args = PrivateBucketArgs(
        key_arn=key_arn, expire_days=expire_days, old_version_days=30, protected=protected
    )
    return synthesise(lambda: PrivateBucket("files", args))


def inputs(said: Synthesis, kind: str, name: str) -> dict[str, object]:
    return {key: value for key, value in said[kind, name].inputs.items() if key != "bucket"}


def test_every_way_to_make_it_public_is_closed() -> None:
    assert inputs(bucket(), "BucketPublicAccessBlock", "files-closed") == {
        "blockPublicAcls": True,
        "blockPublicPolicy": True,
        "ignorePublicAcls": True,
        "restrictPublicBuckets": True,
    }
    assert inputs(bucket(), "BucketOwnershipControls", "files-owned") == {
        "rule": {"objectOwnership": "BucketOwnerEnforced"}
    }


@pytest.mark.parametrize(
    ("key_arn", "algorithm"),
    [(None, {"sseAlgorithm": "AES256"}), ("key", {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": "key"})],
)
def test_it_is_encrypted(key_arn: str | None, algorithm: dict[str, str]) -> None:
    assert inputs(bucket(key_arn=key_arn), "BucketServerSideEncryptionConfiguration", "files-encrypted") == {
        "rules": [{"applyServerSideEncryptionByDefault": algorithm, "bucketKeyEnabled": bool(key_arn)}]
    }


def test_what_is_replaced_or_deleted_can_be_brought_back_for_a_while() -> None:
    assert inputs(bucket(), "BucketVersioning", "files-versions") == {
        "versioningConfiguration": {"status": "Enabled"}
    }
    (rule,) = bucket()["BucketLifecycleConfiguration", "files-lifecycle"].inputs["rules"]
    assert rule == {
        "id": "end",
        "status": "Enabled",
        "filter": {"prefix": ""},
        "noncurrentVersionExpiration": {"noncurrentDays": 30},
        "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
    }
    (rule,) = bucket(expire_days=14)["BucketLifecycleConfiguration", "files-lifecycle"].inputs["rules"]
    assert rule["expiration"] == {"days": 14}


def test_only_tls_is_spoken() -> None:
    (statement,) = json.loads(bucket()["BucketPolicy", "files-policy"].inputs["policy"])["Statement"]
    arn = statement["Resource"][0]
    assert statement == {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


@pytest.mark.parametrize("protected", [True, False])
def test_only_where_it_is_not_protected_its_objects_go_with_it(*, protected: bool) -> None:
    made = bucket(protected=protected)["s3/bucket:Bucket", "files"]
    assert (made.options["protect"], made.inputs["forceDestroy"]) == (protected, not protected)


def test_load_balancers_of_this_account_alone_write_access_logs() -> None:
    said = everything()
    _, delivery = json.loads(said["BucketPolicy", "access-logs-policy"].inputs["policy"])["Statement"]
    name = said["lb/loadBalancer:LoadBalancer", "api"].inputs["accessLogs"]["bucket"]
    assert delivery == {
        "Effect": "Allow",
        "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{name}/AWSLogs/111122223333/*",
    }


def test_a_load_balancer_waits_until_it_may_write() -> None:
    waits = everything()["lb/loadBalancer:LoadBalancer", "api"].waits_for
    assert "BucketPolicy access-logs-policy" in waits
