"""One workload on Cloud Run."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from infra.gcp.cloud_run_size import rounding
from infra.gcp.migration import execution_token, job_template
from infra.gcp.secrets import SecretReference
from infra.gcp.service_template import ServiceTemplateArgs, ingress, service_template
from infra.workload import Workload

ANYONE = "allUsers"


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudRunServiceArgs:
    """What a service is made of."""

    workload: Workload
    image: pulumi.Input[str]
    environment: Mapping[str, pulumi.Input[str]]
    secrets: Mapping[str, SecretReference]
    """By the variable's name."""
    region: str
    subnet_id: pulumi.Input[str]
    suffix: pulumi.Input[str]
    """Sets this stack's service accounts apart from those of another in the same project."""
    behind_edge: bool
    """Whether a load balancer stands before it."""
    protected: bool
    """Whether Google Cloud refuses to delete it."""


class CloudRunService(pulumi.ComponentResource):
    """A service under an account of its own, invoked by those who were let in by name."""

    name: pulumi.Output[str]
    url: pulumi.Output[str]
    member: pulumi.Output[str]
    """Its service account, as IAM writes it."""

    def __init__(
        self, name: str, args: CloudRunServiceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("airfield:gcp:CloudRunService", name, None, opts)
        self._name, self._region = name, args.region
        child = pulumi.ResourceOptions(parent=self)
        told = rounding(name, args.workload)
        if told:
            pulumi.log.warn(told, resource=self)
        account = gcp.serviceaccount.Account(
            name,
            account_id=pulumi.Output.concat(name, "-", args.suffix),
            display_name=f"Cloud Run service {name}",
            opts=child,
        )
        self.member = pulumi.Output.concat("serviceAccount:", account.email)
        readable = [self._may_read(key, secret) for key, secret in args.secrets.items()]
        labels = {"workload": name}
        template = ServiceTemplateArgs(
            workload=args.workload,
            image=args.image,
            environment=args.environment,
            secrets=args.secrets,
            service_account_email=account.email,
            subnet_id=args.subnet_id,
            labels=labels,
        )
        migrated = [self._migration(template, readable)] if args.workload.migrate else []
        service = gcp.cloudrunv2.Service(
            name,
            location=args.region,
            labels=labels,
            ingress=ingress(args.workload, behind_edge=args.behind_edge),
            deletion_protection=args.protected,
            template=service_template(template),
            traffics=[
                gcp.cloudrunv2.ServiceTrafficArgs(type="TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", percent=100)
            ],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*readable, *migrated]),
        )
        self.name, self.url = service.name, service.uri
        if args.workload.public:
            self.allow(ANYONE, ANYONE)
        self.register_outputs({"url": self.url})

    def allow(self, role: str, member: pulumi.Input[str]) -> None:
        """Lets a member invoke the service; `role` names its part."""
        gcp.cloudrunv2.ServiceIamMember(
            f"{self._name}-invoked-by-{role}",
            name=self.name,
            location=self._region,
            role="roles/run.invoker",
            member=member,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _migration(self, template: ServiceTemplateArgs, readable: list[pulumi.Resource]) -> pulumi.Resource:
        """Done once it has succeeded; one that fails leaves the service as it is."""
        return gcp.cloudrunv2.Job(
            f"{self._name}-migrate",
            location=self._region,
            labels=dict(template.labels),
            # It holds nothing, and goes with its workload.
            deletion_protection=False,
            template=job_template(template),
            run_execution_token=execution_token(template),
            opts=pulumi.ResourceOptions(parent=self, depends_on=readable),
        )

    def _may_read(self, key: str, secret: SecretReference) -> pulumi.Resource:
        return gcp.secretmanager.SecretIamMember(
            f"{self._name}-reads-{key}",
            secret_id=secret.secret_id,
            role="roles/secretmanager.secretAccessor",
            member=self.member,
            opts=pulumi.ResourceOptions(parent=self),
        )
