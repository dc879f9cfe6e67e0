"""What would go wrong with a stack on each platform, its own or another, before anybody tries. Pure.

What a platform refuses is asked of the checks that refuse it; this adds what is taken and goes wrong later.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

from infra.aws import edge_timeout, fargate_size
from infra.gcp import cloud_run_size
from infra.portability import Target
from infra.secret_sizes import MAX_SECRET, MAX_SECRETS_OF_WORKLOAD, SecretSize
from infra.variables import secret_names
from stacks.checks import CLUSTERS, mistakes
from stacks.mistakes import Mistake, Path, key_path
from stacks.stack_file import Settings

Effect: TypeAlias = Literal["refused", "fails", "rounded", "cut off"]
TARGETS: tuple[Target, ...] = get_args(Target)

FARGATE_VCPUS = 6
"""What an account runs at once in a region, until AWS raises it."""
FARGATE_QUOTA = "https://docs.aws.amazon.com/general/latest/gr/ecs-service.html"
DIRECT_VPC_INSTANCES = 100
"""Of a revision that reaches the VPC, in the smallest regions, until Google raises it."""
DIRECT_VPC_QUOTA = "https://cloud.google.com/run/quotas"
QUOTA = "https://kubernetes.io/docs/concepts/policy/resource-quotas/"
LIMITS = "https://kubernetes.io/docs/concepts/policy/limit-range/"
FARGATE_ARCHITECTURE = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RuntimePlatform.html"
CLOUD_RUN_ARCHITECTURE = "https://cloud.google.com/run/docs/container-contract#languages"
_ARM = re.compile(r"arm64|aarch64", re.IGNORECASE)
_AMD = re.compile(r"amd64|x86[-_]64", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap:
    """One thing that would go wrong."""

    target: Target
    effect: Effect
    path: Path
    what: str
    """And what to do, after a semicolon."""
    source: str = ""
    """Where the provider says so; empty where our own stack is the reason."""

    def __str__(self) -> str:
        """`rounded on aws: airfield:workloads.api: what; what to do (source)`."""
        source = f" ({self.source})" if self.source else ""
        return f"{self.effect} on {self.target}: {key_path(self.path)}: {self.what}{source}"


def traps(settings: Settings, raw: Mapping[str, Any], secrets: Mapping[str, int | None]) -> list[Trap]:
    """Every trap on every platform; `secrets` has the size of each secret in octets, where that is known."""
    return [
        *_refused(settings, raw, secrets),
        *(trap for target in TARGETS for find in _FINDERS[target] for trap in find(target, settings)),
        *(trap for target in TARGETS for trap in _large_secrets(target, settings, secrets)),
    ]


def _refused(settings: Settings, raw: Mapping[str, Any], secrets: Collection[str]) -> Iterator[Trap]:
    """What the checks of one platform say, and not those of all."""
    found: dict[Target, list[Mistake]] = {
        target: mistakes(settings.model_copy(update={"target": target}), raw, secrets) for target in TARGETS
    }
    everywhere = set[str].intersection(*({str(mistake) for mistake in each} for each in found.values()))
    for target, each in found.items():
        for mistake in each:
            if str(mistake) not in everywhere:
                yield Trap(
                    target=target,
                    effect="refused",
                    path=mistake.path,
                    what=mistake.text,
                    source=mistake.source,
                )


def _fargate_sizes(target: Target, settings: Settings) -> Iterator[Trap]:
    for name, workload in settings.workloads.items():
        told = fargate_size.rounding(name, workload)
        if told:
            what = f"{told.partition(': ')[2]}, which is paid; ask for a size that is sold"
            yield Trap(
                target=target,
                effect="rounded",
                path=("workloads", name),
                what=what,
                source=fargate_size.SOURCE,
            )


def _cloud_run_sizes(target: Target, settings: Settings) -> Iterator[Trap]:
    for name, workload in settings.workloads.items():
        fits = (
            workload.cpu_millicores <= cloud_run_size.MAX_CPU_MILLICORES
            and workload.memory_mib <= cloud_run_size.MAX_MEMORY_MIB
        )
        told = cloud_run_size.rounding(name, workload) if fits else None
        if told:
            what = f"{told.partition(': ')[2]}, which is paid; ask for a pair that is accepted"
            yield Trap(
                target=target,
                effect="rounded",
                path=("workloads", name),
                what=what,
                source=cloud_run_size.CPU_SOURCE,
            )


def _fargate_quota(target: Target, settings: Settings) -> Iterator[Trap]:
    needed = sum(
        workload.scaling.min_replicas * fargate_size.fargate_size(workload).cpu_units
        for workload in settings.workloads.values()
    )
    vcpus = needed / fargate_size.CPU_UNITS_PER_CORE
    if vcpus > FARGATE_VCPUS:
        what = (
            f"minReplicas need {vcpus:g} vCPUs at once, and a new account has {FARGATE_VCPUS};"
            " ask AWS for more before"
        )
        yield Trap(target=target, effect="fails", path=("workloads",), what=what, source=FARGATE_QUOTA)


def _cloud_run_quota(target: Target, settings: Settings) -> Iterator[Trap]:
    for name, workload in settings.workloads.items():
        scaling = workload.scaling
        key = "minReplicas" if scaling.min_replicas > DIRECT_VPC_INSTANCES else "maxReplicas"
        asked = max(scaling.min_replicas, scaling.max_replicas or 0)
        if asked > DIRECT_VPC_INSTANCES:
            what = (
                f"{asked} instances, and some regions have {DIRECT_VPC_INSTANCES} that reach the VPC;"
                " ask Google for more before"
            )
            path = ("workloads", name, "scaling", key)
            yield Trap(target=target, effect="fails", path=path, what=what, source=DIRECT_VPC_QUOTA)


def _has_edge(target: Target, settings: Settings) -> bool:
    """Whether CloudFront would stand in front there; where it is refused, that is said already."""
    return settings.aws.cdn is not None and (target == "aws" or settings.kubernetes.is_balanced)


def _edge_timeout(target: Target, settings: Settings) -> Iterator[Trap]:
    most = edge_timeout.MAX_ORIGIN_SECONDS
    for name, workload in settings.workloads.items():
        if _has_edge(target, settings) and workload.public and workload.timeout_seconds > most:
            what = (
                f"CloudFront waits {most} s for a response to begin, not {workload.timeout_seconds};"
                " answer earlier, or leave aws.cdn out"
            )
            path = ("workloads", name, "timeoutSeconds")
            yield Trap(target=target, effect="cut off", path=path, what=what, source=edge_timeout.SOURCE)


def _architecture(target: Target, settings: Settings) -> Iterator[Trap]:
    """What a name promises; an image that is built here is for both."""
    platform, source = {
        "aws": ("Fargate runs amd64 here", FARGATE_ARCHITECTURE),
        "gcp": ("Cloud Run runs amd64 alone", CLOUD_RUN_ARCHITECTURE),
    }[target]
    images: dict[Path, str | None] = {("image",): settings.image}
    images |= {("workloads", name, "image"): each.image for name, each in settings.workloads.items()}
    for path, image in images.items():
        if image and _ARM.search(image) and not _AMD.search(image):
            what = (
                f"{image} is for arm64 by its name, and {platform}; build it for both, as airfield:build does"
            )
            yield Trap(target=target, effect="fails", path=path, what=what, source=source)


def _cluster_limits(target: Target, settings: Settings) -> Iterator[Trap]:
    """A pod that is larger than one may be is refused when it is made: the deployment waits for ever."""
    limits = settings.kubernetes.container_limits
    for name, workload in settings.workloads.items():
        asked = {
            "cpuMillicores": (workload.cpu_millicores, limits.cpu_millicores),
            "memoryMib": (workload.memory_mib, limits.memory_mib),
        }
        for key, (wanted, most) in asked.items():
            if most and wanted > most:
                what = f"{wanted}, and kubernetes.containerLimits lets one have {most}; change one of the two"
                yield Trap(
                    target=target, effect="fails", path=("workloads", name, key), what=what, source=LIMITS
                )


def _cluster_quota(target: Target, settings: Settings) -> Iterator[Trap]:
    """What all replicas that always run come to, against what the namespace may use."""
    quota, each = settings.kubernetes.quota, settings.workloads.values()
    needed = {
        "cpuMillicores": (sum(w.scaling.min_replicas * w.cpu_millicores for w in each), quota.cpu_millicores),
        "memoryMib": (sum(w.scaling.min_replicas * w.memory_mib for w in each), quota.memory_mib),
        "pods": (sum(w.scaling.min_replicas for w in each), quota.pods),
    }
    for key, (wanted, most) in needed.items():
        if most and wanted > most:
            what = f"minReplicas of the workloads alone need {wanted}, not {most}; raise it"
            yield Trap(
                target=target, effect="fails", path=("kubernetes", "quota", key), what=what, source=QUOTA
            )


def _large_secrets(target: Target, settings: Settings, sizes: Mapping[str, int | None]) -> Iterator[Trap]:
    for name in sorted(sizes):
        size, most = sizes[name], MAX_SECRET[target]
        if size and size > most.octets:
            effect = "fails" if target in CLUSTERS else "refused"
            yield _too_large(target, effect, ("secrets", name), size, most)
    together = MAX_SECRETS_OF_WORKLOAD.get(target)
    for name, workload in settings.workloads.items():
        size = sum(sizes.get(secret) or 0 for secret in secret_names(workload))
        if together and size > together.octets:
            yield _too_large(target, "refused", ("workloads", name, "secrets"), size, together)


def _too_large(target: Target, effect: Effect, path: Path, size: int, most: SecretSize) -> Trap:
    what = f"{size} octets, and {most.where} takes {most.octets}; keep it elsewhere, and say where in it"
    return Trap(target=target, effect=effect, path=path, what=what, source=most.source)


_IN_CLUSTERS: Sequence[Callable[[Target, Settings], Iterator[Trap]]] = (_cluster_limits, _cluster_quota)
_FINDERS: Mapping[Target, Sequence[Callable[[Target, Settings], Iterator[Trap]]]] = {
    "aws": (_fargate_sizes, _fargate_quota, _edge_timeout, _architecture),
    "eks": (*_IN_CLUSTERS, _edge_timeout),
    "gcp": (_cloud_run_sizes, _cloud_run_quota, _architecture),
    "kubernetes": _IN_CLUSTERS,
    "swarm": (),
}
