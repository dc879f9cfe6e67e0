"""What a stack file may say. Reads no configuration and declares no resource."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from infra.datastores import Postgres, Redis
from infra.kubernetes.quota import ContainerLimits, Quota
from infra.model import Matching, Model
from infra.portability import Target
from infra.slo import Slo
from infra.workload import VariableName, Workload, WorkloadName
from stacks.swarm_settings import SwarmSettings

Edge = Literal["gateway", "ingress", "none"]
Monitoring = Literal["bundled", "operator", "none"]
Origin = Literal["made", "existing", "external"]
REDIRECTED_CLASSES = ("alb", "haproxy", "nginx", "traefik")
"""Ingress classes that are told to redirect to TLS."""
RATE_LIMITED_CLASSES = ("haproxy", "nginx", "traefik")
"""Ingress classes that know a rate of requests."""
Environment = Literal["development", "staging", "production"]


def _vpc_sized(cidr: IPv4Network) -> IPv4Network:
    if not 16 <= cidr.prefixlen <= 20:  # noqa: PLR2004
        raise ValueError(f"must be /16 to /20, so that every zone finds room in it, not /{cidr.prefixlen}")
    return cidr


VpcCidr = Annotated[
    IPv4Network, AfterValidator(_vpc_sized), Field(json_schema_extra={"pattern": r"/(1[6-9]|20)$"})
]


GithubRepository = Annotated[
    str, Matching(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+", "an owner and a name, as acme/airfield")
]
NotificationChannel = Annotated[
    str,
    Matching(
        r"projects/[^/]+/notificationChannels/\d+",
        "a channel as `gcloud beta monitoring channels list` names it",
    ),
]


class Build(Model):
    """Builds the Dockerfile for amd64 and arm64, and pushes the image."""

    repository: str
    """Registry and repository to push to, without a tag: `ghcr.io/acme/airfield`."""
    context: str = "."
    """Folder of the Dockerfile, from the project's root."""


class CdnSettings(Model):
    """CloudFront in front of the domain."""

    static_path: str = "/static/*"
    """Paths that the bucket of static files answers; all others go to the workload, uncached."""
    firewall: bool = True
    """AWS's core rules, and a limit for each address."""


class DeploySettings(Model):
    """Roles that jobs on GitHub take, without a stored key."""

    repository: str
    """On GitHub: `acme/airfield`."""
    branch: str = "main"
    """The one branch whose jobs are trusted."""
    state_bucket: str
    """Where Pulumi keeps this stack's state."""
    state_key_arn: str | None = None
    """Key of the secrets in the state."""
    provider_arn: str | None = None
    """GitHub's identity provider, of which an account has one; left out, this stack makes it."""


class AwsSettings(Model):
    """What only AWS knows."""

    vpc_cidr: VpcCidr = IPv4Network("10.0.0.0/16")
    """Addresses of the network."""
    zones: int = Field(default=3, ge=2, le=6)
    """Availability zones in use."""
    nat_per_zone: bool = True
    """One NAT gateway a zone; false: a single one, cheaper, and lost with its zone."""
    hosted_zone: str | None = None
    """Route 53 zone of the domain; left out, the domain without its first label."""
    database_memory_gib: int = Field(default=4, ge=2, le=256)
    """Memory that the database has at least; its class follows from it."""
    log_retention_days: Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400] = 30
    """How long CloudWatch and S3 keep the logs."""
    registry: str | None = None
    """Name of an ECR repository to make; left out, none is made."""
    backup_bucket: bool = False
    """True: makes a bucket for backups."""
    cdn: CdnSettings | None = None
    """CloudFront in front of the domain (on eks with the class alb), and static files; left out, neither."""
    deploy: DeploySettings | None = None
    """Roles for GitHub Actions; left out, none."""
    alarm_emails: tuple[str, ...] = ()
    """Addresses that alarms are sent to; each confirms once."""


class EksSettings(Model):
    """What only EKS knows; network, data stores and the rest are AWS's own."""

    kubernetes_version: str | None = None
    """Version of the cluster; left out, what EKS makes by default."""
    public_access_cidrs: tuple[IPv4Network, ...] = ()
    """Addresses that reach the cluster's API over the internet; none: only its own network does."""
    administrator_arns: tuple[str, ...] = ()
    """IAM roles that administer the cluster, beside the one that makes it."""


class GcpPipeline(Model):
    """Deploys the stack from GitHub, through Cloud Build and through GitHub's own workflows."""

    repository: GithubRepository
    """Repository on GitHub, which Cloud Build's app may read: `acme/airfield`."""
    branch: str = "main"
    """Branch whose every push is deployed."""
    stack: str
    """The stack's own name, which Cloud Build deploys."""
    state_bucket: str
    """Cloud Storage bucket of Pulumi's state, which exists."""


class GcpSettings(Model):
    """What only Google Cloud knows."""

    subnet_cidr: IPv4Network = IPv4Network("10.0.0.0/20")
    """Addresses of the subnet through which workloads call each other."""
    dns_zone: str | None = None
    """Cloud DNS zone that gets the domain's address; left out, somebody else points the name to it."""
    requests_a_minute: int = Field(default=600, ge=10, le=10000)
    """How many one address may make of the domain before it is told to wait."""
    registry: WorkloadName | None = None
    """Artifact Registry repository that is made for the images; left out, none is."""
    pipeline: GcpPipeline | None = None
    """Deploys the stack from GitHub; left out, nobody but you does."""
    alert_email: str | None = None
    """Who is told by e-mail when something is not well; left out, the console shows it only."""
    alert_channels: tuple[NotificationChannel, ...] = ()
    """Channels that exist already and are told too, as of Slack: `projects/acme/notificationChannels/1`."""
    log_retention_days: int = Field(default=30, ge=1, le=3650)
    """How long Cloud Logging keeps what the workloads write."""
    database_cpus: int = Field(default=2, ge=1, le=96)
    """CPUs of the database's machine; Cloud SQL sells one, or an even number."""
    database_memory_mib: int = Field(default=4096, ge=3840, le=638976)
    """Memory of the database's machine; Cloud SQL sells up to 6.5 GiB a CPU."""

    def contradictions(self) -> Iterator[str]:
        """A pipeline with nowhere to push to."""
        if self.pipeline and not self.registry:
            yield "pipeline needs a registry to push to: set registry"


class KubernetesSettings(Model):
    """What only Kubernetes knows."""

    namespace: WorkloadName = "airfield"
    """Namespace of everything that is made."""
    render_to: str | None = None
    """Folder that manifests are written to, instead of calling a cluster."""
    edge: Edge = "ingress"
    """What leads the domain to the public workload: a Gateway, an Ingress, or nothing that is made here."""
    without_domain: Literal["loadBalancer", "clusterIp"] = "loadBalancer"
    """What a public workload is met by where no domain is set."""
    ingress_namespace: str = "ingress-nginx"
    """Namespace whose pods may call public workloads once a domain is set; of no matter to the class alb."""
    ingress_class: str = "nginx"
    """Ingress class that serves the domain; haproxy, nginx, traefik, alb redirect to TLS; eks brings alb."""
    cluster_issuer: str = "letsencrypt-prod"
    """The cert-manager ClusterIssuer that signs the domain's certificate."""
    requests_per_minute: int | None = Field(default=None, ge=1)
    """What one address may send through the ingress classes haproxy, nginx, traefik; left out, anything."""
    gateway: str = "gateway"
    """Name of the Gateway that serves the domain, and holds its certificate."""
    gateway_namespace: str = "gateway"
    """Namespace of that Gateway."""
    http_listener: str = "http"
    """Its listener without TLS, which is redirected."""
    https_listener: str = "https"
    """Its listener with TLS."""
    secrets: Origin | None = None
    """Where values come from: made here, existing, External Secrets; left out, made, in files existing."""
    secret_store: str = "airfield"  # noqa: S105  a name, no secret
    """The ClusterSecretStore that external secrets are fetched from."""
    storage_class: str | None = None
    """Storage class of every claim; left out, the cluster's own choice."""
    postgres_operator: Literal["cloudnative-pg"] | None = None
    """Operator that runs Postgres, with standbys; left out, one server without."""
    monitoring: Monitoring = "none"
    """Bundled brings Prometheus and what belongs to it; operator speaks to the Prometheus Operator."""
    monitoring_namespace: str = "monitoring"
    """Namespace whose Prometheus pods may scrape, where monitoring is not bundled."""
    alert_webhook_secret: VariableName | None = None
    """Secret with the URL that the bundled Alertmanager sends alerts to; left out, it shows them only."""
    retention_days: int = Field(default=15, ge=1, le=365)
    """How long the bundled monitoring keeps metrics, logs and traces."""
    quota: Quota = Quota()
    """What all pods of the namespace may use together."""
    container_limits: ContainerLimits = ContainerLimits()
    """What one container may use."""

    @property
    def secrets_origin(self) -> Origin:
        """Who provides the values of Secrets: rendered files hold none."""
        return self.secrets or ("existing" if self.render_to else "made")

    @property
    def is_balanced(self) -> bool:
        """Whether an Application Load Balancer, which is no pod, leads the domain in."""
        return (self.edge, self.ingress_class) == ("ingress", "alb")

    def contradictions(self) -> Iterator[str]:
        """Values that would stand in files for everyone to read, and a rate that nobody would keep."""
        if self.render_to and self.secrets == "made":
            yield "secrets (made) must not be rendered: take existing or external"
        if self.requests_per_minute and self.ingress_class not in RATE_LIMITED_CLASSES:
            known = ", ".join(RATE_LIMITED_CLASSES)
            yield f"requestsPerMinute is kept by these ingress classes only: {known}"


class Settings(Model):
    """Everything a stack file says, but its secrets' values."""

    target: Target
    """The platform: aws, eks, gcp, kubernetes or swarm."""
    environment: Environment = "development"
    """Tags, the variable ENVIRONMENT, what is protected, and whether images need a digest."""
    image: str | None = None
    """The image of every workload that names none; by digest in production."""
    build: Build | None = None
    """Builds the image instead of naming one."""
    domain: str | None = None
    """Name that the public workload answers to, with TLS; left out, the platform's own endpoint."""
    workloads: dict[WorkloadName, Workload] = Field(min_length=1)
    """What runs, by name."""
    postgres: Postgres | None = None
    """The database, for workloads that use it."""
    redis: Redis | None = None
    """The cache, for workloads that use it."""
    slo: Slo = Slo()
    """The objective that alerts follow."""
    strict: bool = False
    """True: a value that the target can only approximate stops the deployment."""
    aws: AwsSettings = AwsSettings()
    """What only AWS knows."""
    eks: EksSettings = EksSettings()
    """What only EKS knows."""
    gcp: GcpSettings = GcpSettings()
    """What only Google Cloud knows."""
    kubernetes: KubernetesSettings = KubernetesSettings()
    """What only Kubernetes knows."""
    swarm: SwarmSettings = SwarmSettings()
    """What only Docker Swarm knows."""
    aws_region: str = Field(default="us-east-1", validation_alias="aws:region")
    """AWS region."""
    gcp_project: str | None = Field(default=None, validation_alias="gcp:project")
    """Google Cloud project."""
    gcp_region: str = Field(default="us-central1", validation_alias="gcp:region")
    """Google Cloud region."""
    kubernetes_context: str | None = Field(default=None, validation_alias="kubernetes:context")
    """Context of the kubeconfig; left out, its current one."""
    docker_host: str | None = Field(default=None, validation_alias="docker:host")
    """Manager of the Swarm, `ssh://deploy@manager.example.com`; left out, this machine's own engine."""


MONITORING_PARTS = ("alertmanager", "alloy", "grafana", "kube-state-metrics", "loki", "prometheus", "tempo")
"""What bundled monitoring runs in the stack's namespace."""


def names_in_cluster(settings: Settings) -> set[str]:
    """Names that a workload on Kubernetes cannot have, since another part of the stack has them."""
    stores = {"database": settings.postgres, "cache": settings.redis}
    taken = {name for name, store in stores.items() if store and not store.external}
    taken |= {f"{name}-{role}" for name in taken & {"database"} for role in ("backup", "restore")}
    taken |= {f"{name}-migrate" for name, workload in settings.workloads.items() if workload.migrate}
    return taken | (set(MONITORING_PARTS) if settings.kubernetes.monitoring == "bundled" else set())
