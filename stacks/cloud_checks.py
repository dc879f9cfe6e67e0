"""Whether a stack file asks of AWS and Google Cloud what they can do. Pure."""

from collections.abc import Iterator
from graphlib import CycleError

from infra.gcp.cloud_run_size import CPU_SOURCE, MAX_CPU_MILLICORES, MAX_MEMORY_MIB, MEMORY_SOURCE
from infra.gcp.registry_address import registry_address
from infra.gcp.reserved import PATHS_SOURCE, RESERVED_VARIABLES, VARIABLES_SOURCE, is_reserved_path
from infra.workload import Workload, callees_first
from stacks.mistakes import Mistake
from stacks.stack_file import Settings

CLOUD_RUN_URLS = "https://cloud.google.com/run/docs/triggering/https-request"
IMMUTABLE_TAGS = "https://cloud.google.com/artifact-registry/docs/container-concepts"
BALANCER_NAMES = (
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html"
)
RDS_GROWTH = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html"


def cloud_mistakes(settings: Settings) -> Iterator[Mistake]:
    """Everything that they would refuse; nothing where the target is none of theirs."""
    yield from _provider_keys(settings)
    yield from _cloud_run(settings)
    yield from _load_balancer(settings)
    yield from _rds(settings)
    yield from _cdn(settings)


def _provider_keys(settings: Settings) -> Iterator[Mistake]:
    if settings.target == "gcp" and not settings.gcp_project:
        yield Mistake(("gcp:project",), "missing; set it: pulumi config set gcp:project PROJECT")


def _load_balancer(settings: Settings) -> Iterator[Mistake]:
    for name, workload in settings.workloads.items():
        if settings.target == "aws" and workload.public and f"{name}-".startswith("internal-"):
            text = "AWS keeps names that begin with internal- for itself; a public workload needs another"
            yield Mistake(("workloads", name), text, BALANCER_NAMES)


def _cloud_run(settings: Settings) -> Iterator[Mistake]:
    if settings.target != "gcp":
        return
    for name, workload in settings.workloads.items():
        if workload.cpu_millicores > MAX_CPU_MILLICORES:
            yield Mistake(
                ("workloads", name, "cpuMillicores"),
                f"Cloud Run has {MAX_CPU_MILLICORES} at most",
                CPU_SOURCE,
            )
        if workload.memory_mib > MAX_MEMORY_MIB:
            yield Mistake(
                ("workloads", name, "memoryMib"), f"Cloud Run has {MAX_MEMORY_MIB} at most", MEMORY_SOURCE
            )
        yield from _reserved(name, workload)
    yield from _moving_tags(settings)
    try:
        callees_first(settings.workloads)
    except CycleError as error:
        circle = " → ".join(reversed(error.args[1]))
        text = f"Cloud Run gives a workload its URL when it is made, so nobody can call in a circle: {circle}"
        yield Mistake(("workloads",), text, CLOUD_RUN_URLS)


def _moving_tags(settings: Settings) -> Iterator[Mistake]:
    """A build here moves the tag `latest`, which the registry that is made lets nobody do."""
    registry, build = settings.gcp.registry, settings.build
    if registry and build:
        address = registry_address(settings.gcp_project or "", settings.gcp_region, registry)
        if build.repository.startswith(f"{address}/"):
            text = f"tags in {address} never move, and a build here moves latest: build in the pipeline"
            yield Mistake(("build", "repository"), text, IMMUTABLE_TAGS)


def _reserved(name: str, workload: Workload) -> Iterator[Mistake]:
    """Paths and variables that Cloud Run keeps for itself."""
    health = workload.health
    for key, path in (("livenessPath", health.liveness_path), ("readinessPath", health.readiness_path)):
        if is_reserved_path(path):
            yield Mistake(
                ("workloads", name, "health", key),
                f"{path} may never arrive: Cloud Run keeps /eventlog, /_ah/ and paths that end in z",
                PATHS_SOURCE,
            )
    for variable in sorted(RESERVED_VARIABLES.intersection(workload.environment)):
        yield Mistake(
            ("workloads", name, "environment", variable),
            "Cloud Run sets it itself; leave it out",
            VARIABLES_SOURCE,
        )
    for index, secret in enumerate(workload.secrets):
        if secret in RESERVED_VARIABLES:
            yield Mistake(
                ("workloads", name, "secrets", index),
                f"{secret}: Cloud Run sets it itself",
                VARIABLES_SOURCE,
            )


def _rds(settings: Settings) -> Iterator[Mistake]:
    """RDS grows storage by a tenth at least."""
    asked = settings.postgres
    if settings.target not in {"aws", "eks"} or asked is None or asked.external:
        return
    if asked.storage_gib < asked.max_storage_gib < asked.storage_gib * 1.1:
        text = f"RDS asks for a tenth more than storageGib ({asked.storage_gib}), or for just as much"
        yield Mistake(("postgres", "maxStorageGib"), text, RDS_GROWTH)


def _cdn(settings: Settings) -> Iterator[Mistake]:
    """CloudFront needs a name, and a load balancer of AWS's behind it."""
    if settings.target not in {"aws", "eks"} or not settings.aws.cdn:
        return
    if not settings.domain:
        yield Mistake(("aws", "cdn"), "needs airfield:domain: CloudFront speaks TLS to the load balancer")
    if settings.target == "eks":
        block = settings.kubernetes
        asked = {"edge": (block.edge, "ingress"), "ingressClass": (block.ingress_class, "alb")}
        needed = [
            f"airfield:kubernetes.{key}: {right}" for key, (is_, right) in asked.items() if is_ != right
        ]
        if needed:
            yield Mistake(("aws", "cdn"), f"on eks it needs {' and '.join(needed)}")
