"""Deploys a stack from GitHub. Knows what a pipeline may do, not what it deploys."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from infra.gcp.github_identity import GithubIdentity, GithubIdentityArgs
from infra.gcp.pipeline_roles import DEPLOY_ROLES, DEPLOY_STATE_ROLE, PREVIEW_ROLES, PREVIEW_STATE_ROLE

FILE = "cloudbuild.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineArgs:
    """What a pipeline is made of."""

    project: str
    repository: str
    """`acme/airfield` on GitHub."""
    branch: str
    stack: str
    environment: str
    state_bucket: str
    registry_address: str
    suffix: pulumi.Input[str]


class Pipeline(pulumi.ComponentResource):
    """One account that looks, one that deploys, neither with a key; and a trigger for pushes."""

    def __init__(self, name: str, args: PipelineArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:gcp:Pipeline", name, None, opts)
        self._name, self._args, self._child = name, args, pulumi.ResourceOptions(parent=self)
        github = GithubIdentity(
            f"{name}-github",
            GithubIdentityArgs(repository=args.repository, suffix=args.suffix),
            self._child,
        )
        preview = self._account("preview", PREVIEW_ROLES, PREVIEW_STATE_ROLE)
        deploy = self._account("deploy", DEPLOY_ROLES, DEPLOY_STATE_ROLE)
        self._acts_as("preview", github.anybody, preview)
        self._acts_as("deploy", github.in_environment(args.environment), deploy)
        self._trigger(deploy)
        self.register_outputs({"preview": preview.email, "deploy": deploy.email})

    def _account(
        self, role: str, project_roles: Sequence[str], state_role: str
    ) -> gcp.serviceaccount.Account:
        account = gcp.serviceaccount.Account(
            f"{self._name}-{role}",
            # The suffix is not last, as it is in the account of a workload, which may have any name.
            account_id=pulumi.Output.concat(f"{role}-", self._args.suffix, "-ci"),
            display_name=f"Pipeline: {role}",
            opts=self._child,
        )
        member = pulumi.Output.concat("serviceAccount:", account.email)
        for project_role in project_roles:
            gcp.projects.IAMMember(
                f"{self._name}-{role}-{project_role.removeprefix('roles/')}",
                project=self._args.project,
                role=project_role,
                member=member,
                opts=self._child,
            )
        gcp.storage.BucketIAMMember(
            f"{self._name}-{role}-state",
            bucket=self._args.state_bucket,
            role=state_role,
            member=member,
            opts=self._child,
        )
        return account

    def _acts_as(self, role: str, member: pulumi.Output[str], account: gcp.serviceaccount.Account) -> None:
        gcp.serviceaccount.IAMMember(
            f"{self._name}-{role}-github",
            service_account_id=account.name,
            role="roles/iam.workloadIdentityUser",
            member=member,
            opts=self._child,
        )

    def _trigger(self, account: gcp.serviceaccount.Account) -> None:
        owner, _, repository = self._args.repository.partition("/")
        gcp.cloudbuild.Trigger(
            self._name,
            location="global",
            description=f"Deploys {self._args.stack}",
            github=gcp.cloudbuild.TriggerGithubArgs(
                owner=owner,
                name=repository,
                push=gcp.cloudbuild.TriggerGithubPushArgs(branch=f"^{re.escape(self._args.branch)}$"),
            ),
            filename=FILE,
            service_account=account.id,
            substitutions={
                "_REGISTRY": self._args.registry_address,
                "_STACK": self._args.stack,
                "_STATE": f"gs://{self._args.state_bucket}",
            },
            approval_config=gcp.cloudbuild.TriggerApprovalConfigArgs(
                approval_required=self._args.environment == "production"
            ),
            include_build_logs="INCLUDE_BUILD_LOGS_WITH_STATUS",
            opts=self._child,
        )
