"""Where the stack's images are kept. Knows no image."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from infra.gcp.registry_address import registry_address

KEPT_VERSIONS = 20
KEPT_DAYS = 90
SECONDS_A_DAY = 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryArgs:
    """What a registry is made of."""

    repository_id: str
    """The last part of its address, which people type."""
    project: str
    region: str


class Registry(pulumi.ComponentResource):
    """An Artifact Registry repository: what a tag named once, it names for good."""

    name: pulumi.Output[str]
    address: str
    """What stands before an image's name: `us-central1-docker.pkg.dev/acme/airfield`."""

    def __init__(self, name: str, args: RegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:gcp:Registry", name, None, opts)
        repository = gcp.artifactregistry.Repository(
            name,
            repository_id=args.repository_id,
            location=args.region,
            format="DOCKER",
            docker_config=gcp.artifactregistry.RepositoryDockerConfigArgs(immutable_tags=True),
            cleanup_policies=cleanup_policies(),
            cleanup_policy_dry_run=False,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.name = repository.name
        self.address = registry_address(args.project, args.region, args.repository_id)
        self.register_outputs({"address": self.address})


def cleanup_policies() -> list[gcp.artifactregistry.RepositoryCleanupPolicyArgs]:
    """What is old goes, but for the last versions of each image; a running revision has a copy of its own.

    https://cloud.google.com/artifact-registry/docs/repositories/cleanup-policy-overview
    """
    return [
        gcp.artifactregistry.RepositoryCleanupPolicyArgs(
            id="keep-recent",
            action="KEEP",
            most_recent_versions=gcp.artifactregistry.RepositoryCleanupPolicyMostRecentVersionsArgs(
                keep_count=KEPT_VERSIONS
            ),
        ),
        gcp.artifactregistry.RepositoryCleanupPolicyArgs(
            id="delete-old",
            action="DELETE",
            condition=gcp.artifactregistry.RepositoryCleanupPolicyConditionArgs(
                tag_state="ANY", older_than=f"{KEPT_DAYS * SECONDS_A_DAY}s"
            ),
        ),
    ]
