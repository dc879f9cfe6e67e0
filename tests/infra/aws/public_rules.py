"""Holds what is declared on AWS against Checkov's rules; `make checkov` runs it.

A finding that is not accepted here fails, and so does one that is accepted and no longer found.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from tests.infra.aws.example import named
from tests.infra.aws.terraform_plan import plan
from tools.bootstrap import find_uv

CHECKOV = "checkov==3.3.30"
DEPLOYING = "what the deploying roles may, and why not less, stands beside it in infra/aws/deploy_roles.py"
ACCEPTED: Mapping[str, str] = {
    "CKV2_AWS_28 aws_lb": "the firewall is CloudFront's: cdn, once it is named",
    "CKV2_AWS_31 aws_wafv2_web_acl": "counted in CloudWatch, with samples of what was refused",
    "CKV2_AWS_32 aws_cloudfront_distribution": "looks for a policy of one's own; both behaviours name AWS's",
    "CKV2_AWS_47 aws_cloudfront_distribution": (
        "asks for the list of anonymous addresses too: an API's callers are hosted machines, which it refuses"
    ),
    "CKV2_AWS_57 aws_secretsmanager_secret": (
        "a value is a whole URL, changed where the password is: the next deployment hands it on"
    ),
    "CKV2_AWS_62 aws_s3_bucket": "nobody is told of objects, since nobody acts on them",
    "CKV2_AWS_64 aws_kms_key": "a key without a policy of its own leaves it to IAM",
    "CKV_AWS_144 aws_s3_bucket": "one region: a second one is a second stack",
    "CKV_AWS_145 aws_s3_bucket": (
        "load balancers write with S3's own key alone; static files are public. Backups have a key of theirs"
    ),
    "CKV_AWS_149 aws_secretsmanager_secret": "encrypted with the account's own key for Secrets Manager",
    "CKV_AWS_158 aws_cloudwatch_log_group": "encrypted with CloudWatch's own key",
    "CKV_AWS_161 aws_db_instance": "one URL works on every platform; IAM's token lasts 15 minutes",
    "CKV_AWS_18 aws_s3_bucket": "the bucket of access logs logs no access to itself, nor do the others",
    "CKV_AWS_224 aws_ecs_cluster": "sessions are logged; their channel is encrypted by TLS",
    "CKV_AWS_287 aws_iam_role_policy": DEPLOYING,
    "CKV_AWS_288 aws_iam_role_policy": DEPLOYING,
    "CKV_AWS_289 aws_iam_role_policy": DEPLOYING,
    "CKV_AWS_290 aws_iam_role_policy": DEPLOYING,
    "CKV_AWS_305 aws_cloudfront_distribution": "the root is the API's",
    "CKV_AWS_310 aws_cloudfront_distribution": "the load balancer spans the zones; there is no second origin",
    "CKV_AWS_338 aws_cloudwatch_log_group": "logRetentionDays says how long, up to 400 days",
    "CKV_AWS_355 aws_iam_role_policy": DEPLOYING,
    "CKV_AWS_374 aws_cloudfront_distribution": "an API for the whole world",
    "CKV_AWS_51 aws_ecr_repository": "immutable but for tags that are meant to move",
    "CKV_AWS_86 aws_cloudfront_distribution": "what reaches the API is in the load balancer's access logs",
}
"""Rule and type of resource, and why it stays."""


def main() -> None:
    """Run the rules over everything that a stack on AWS, and one on EKS, can declare."""
    found, passed = findings()
    for rule in sorted(found.keys() - ACCEPTED.keys()):
        print(f"{rule}: {found[rule]}")  # noqa: T201
    for rule in sorted(ACCEPTED.keys() - found.keys()):
        print(f"{rule}: accepted, and no longer found")  # noqa: T201
    print(f"{passed} passed, {len(found)} found, {len(ACCEPTED)} accepted with a reason")  # noqa: T201
    sys.exit(found.keys() != ACCEPTED.keys())


def findings() -> tuple[dict[str, str], int]:
    """What each rule finds, by rule and type of resource; and how many checks passed."""
    uv = find_uv()
    assert uv, "make installs uv where there is none"
    with TemporaryDirectory() as directory:
        files: list[str] = []
        for target in ("aws", "eks"):
            path = Path(directory) / f"{target}.json"
            path.write_text(json.dumps(plan(named(target))), encoding="utf-8")
            files += ["--file", str(path)]
        options = ["--framework", "terraform_plan", "--skip-download", "--output", "json", "--compact"]
        ran = subprocess.run(
            [uv, "tool", "run", CHECKOV, *options, *files], check=False, capture_output=True, text=True
        )
    report = cast("dict[str, Any]", json.loads(ran.stdout))
    failed = cast("list[dict[str, str]]", report["results"]["failed_checks"])
    found = {
        f"{each['check_id']} {each['resource'].partition('.')[0]}": each["check_name"]
        + ": "
        + each["resource"]
        for each in failed
    }
    return found, report["summary"]["passed"]


if __name__ == "__main__":
    main()
