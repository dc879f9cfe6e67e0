"""Lets workflows of one GitHub repository act without a key. Knows no role."""

from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

ISSUER = "https://token.actions.githubusercontent.com"
"""https://docs.github.com/en/actions/reference/security/oidc"""


@dataclass(frozen=True, slots=True, kw_only=True)
class GithubIdentityArgs:
    """Whose tokens are taken."""

    repository: str
    """`acme/airfield`: tokens of any other are refused."""
    suffix: pulumi.Input[str]
    """A pool's id stays taken for 30 days after it is deleted."""


class GithubIdentity(pulumi.ComponentResource):
    """A Workload Identity pool that trusts GitHub's tokens of one repository."""

    anybody: pulumi.Output[str]
    """Every workflow of the repository, as IAM writes it."""

    def __init__(
        self, name: str, args: GithubIdentityArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("airfield:gcp:GithubIdentity", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        pool = gcp.iam.WorkloadIdentityPool(
            name, workload_identity_pool_id=pulumi.Output.concat("github-", args.suffix), opts=child
        )
        gcp.iam.WorkloadIdentityPoolProvider(
            name,
            workload_identity_pool_id=pool.workload_identity_pool_id,
            workload_identity_pool_provider_id="github",
            oidc=gcp.iam.WorkloadIdentityPoolProviderOidcArgs(issuer_uri=ISSUER),
            attribute_mapping={
                "google.subject": "assertion.sub",
                "attribute.repository": "assertion.repository",
            },
            attribute_condition=f"assertion.repository == '{args.repository}'",
            opts=child,
        )
        self._pool, self._repository = pool.name, args.repository
        self.anybody = pulumi.Output.concat(
            "principalSet://iam.googleapis.com/", pool.name, f"/attribute.repository/{args.repository}"
        )
        self.register_outputs({"anybody": self.anybody})

    def in_environment(self, environment: str) -> pulumi.Output[str]:
        """Workflows that run in an environment of the repository's, whose rules GitHub keeps."""
        subject = f"repo:{self._repository}:environment:{environment}"
        return pulumi.Output.concat("principal://iam.googleapis.com/", self._pool, "/subject/", subject)
