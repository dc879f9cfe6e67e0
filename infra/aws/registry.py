"""Where the stack's images lie."""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

MOVING_TAGS = ("latest", "buildcache")
"""What a build overwrites; every other tag stays what it was, and production goes by digest."""
UNTAGGED_DAYS, KEPT_IMAGES = 14, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryArgs:
    """What a registry is made of."""

    repository: str
    """Its name, which people type when they push."""
    protected: bool
    """Whether Pulumi refuses to delete it; where it does not, its images go with it."""


class Registry(pulumi.ComponentResource):
    """An ECR repository: immutable tags, a scan of each push, and an end to old images."""

    url: pulumi.Output[str]

    def __init__(self, name: str, args: RegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:aws:Registry", name, None, opts)
        kept = pulumi.ResourceOptions(parent=self, protect=args.protected)
        repository = aws.ecr.Repository(
            name,
            name=args.repository,
            force_delete=not args.protected,
            image_tag_mutability="IMMUTABLE_WITH_EXCLUSION",
            image_tag_mutability_exclusion_filters=[
                aws.ecr.RepositoryImageTagMutabilityExclusionFilterArgs(filter=tag, filter_type="WILDCARD")
                for tag in MOVING_TAGS
            ],
            image_scanning_configuration=aws.ecr.RepositoryImageScanningConfigurationArgs(scan_on_push=True),
            encryption_configurations=[aws.ecr.RepositoryEncryptionConfigurationArgs(encryption_type="KMS")],
            opts=kept,
        )
        aws.ecr.LifecyclePolicy(
            name,
            repository=repository.name,
            policy=lifecycle(),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.url = repository.repository_url
        self.register_outputs({"url": self.url})


def lifecycle() -> str:
    """Ends what no tag names any more, and the oldest beyond a hundred.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
    """
    untagged = {
        "tagStatus": "untagged",
        "countType": "sinceImagePushed",
        "countUnit": "days",
        "countNumber": UNTAGGED_DAYS,
    }
    beyond = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": KEPT_IMAGES}
    return json.dumps(
        {
            "rules": [
                {"rulePriority": priority, "selection": selection, "action": {"type": "expire"}}
                for priority, selection in enumerate((untagged, beyond), start=1)
            ]
        }
    )
