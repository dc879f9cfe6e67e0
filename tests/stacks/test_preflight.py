"""Traps of every platform are told before anybody tries: what, where, what to do, and where that is said."""

from typing import Any

import pytest

from infra.secret_sizes import MAX_SECRET
from infra.workload import Workload
from stacks.preflight import TARGETS, Trap, traps
from stacks.stack_file import Settings
from tests.committed import landed
from tests.graphs import stacks

GOOD: dict[str, Any] = {
    "target": "swarm",
    "image": "ghcr.io/acme/api:1",
    "gcp:project": "acme",
    "workloads": {"api": {"public": True, "cpuMillicores": 1000, "memoryMib": 2048}},
}


def found(raw: dict[str, Any], sizes: dict[str, int | None] | None = None) -> list[Trap]:
    """The traps of a stack file."""
    return traps(Settings.model_validate(raw, by_alias=True, by_name=False), raw, sizes or {})


def api(**fields: object) -> dict[str, Any]:
    """A good stack whose one workload says this too."""
    return {**GOOD, "workloads": {"api": {**GOOD["workloads"]["api"], **fields}}}


def test_a_stack_without_traps_has_none() -> None:
    assert found(GOOD) == []


CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a path that Cloud Run keeps": (
        api(health={"livenessPath": "/healthz"}),
        [
            (
                "refused on gcp: airfield:workloads.api.health.livenessPath: /healthz may never arrive: Cloud"
                " Run keeps /eventlog, /_ah/ and paths that end in z (https://cloud.google.com/run/docs/known-issues)"
            )
        ],
    ),
    "a variable that Cloud Run sets": (
        api(environment={"PORT": "1", "K_SERVICE": "x"}),
        [
            (
                f"refused on gcp: airfield:workloads.api.environment.{name}: Cloud Run sets it itself; leave"
                " it out (https://cloud.google.com/run/docs/container-contract#env-vars)"
            )
            for name in ("K_SERVICE", "PORT")
        ],
    ),
    "a size that neither sells": (
        api(cpuMillicores=500, memoryMib=512),
        [
            (
                "rounded on aws: airfield:workloads.api: Fargate does not sell 500 millicores with 512 MiB;"
                " rounded up to 500 millicores with 1024 MiB, which is paid; ask for a size that is sold"
                " (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html)"
            ),
            (
                "rounded on gcp: airfield:workloads.api: Cloud Run does not accept 500 millicores with 512"
                " MiB; rounded up to 1000 millicores with 512 MiB, which is paid; ask for a pair that is"
                " accepted (https://cloud.google.com/run/docs/configuring/services/cpu)"
            ),
        ],
    ),
    "more than Cloud Run has": (
        api(cpuMillicores=16000, memoryMib=32768, scaling={"minReplicas": 1}),
        [
            (
                "refused on gcp: airfield:workloads.api.cpuMillicores: Cloud Run has 8000 at most"
                " (https://cloud.google.com/run/docs/configuring/services/cpu)"
            ),
            (
                "fails on aws: airfield:workloads: minReplicas need 16 vCPUs at once, and a new account has"
                " 6; ask AWS for more before (https://docs.aws.amazon.com/general/latest/gr/ecs-service.html)"
            ),
        ],
    ),
    "a name that AWS keeps": (
        {**GOOD, "workloads": {"internal-api": GOOD["workloads"]["api"]}},
        [
            (
                "refused on aws: airfield:workloads.internal-api: AWS keeps names that begin with internal-"
                " for itself; a public workload needs another"
                " (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html)"
            )
        ],
    ),
    "no project of Google's": (
        {key: value for key, value in GOOD.items() if key != "gcp:project"},
        ["refused on gcp: gcp:project: missing; set it: pulumi config set gcp:project PROJECT"],
    ),
    "more replicas than quotas have": (
        api(scaling={"minReplicas": 7, "maxReplicas": 150}),
        [
            (
                "fails on aws: airfield:workloads: minReplicas need 7 vCPUs at once, and a new account has 6;"
                " ask AWS for more before (https://docs.aws.amazon.com/general/latest/gr/ecs-service.html)"
            ),
            (
                "fails on gcp: airfield:workloads.api.scaling.maxReplicas: 150 instances, and some regions"
                " have 100 that reach the VPC; ask Google for more before (https://cloud.google.com/run/quotas)"
            ),
        ],
    ),
    "a request that CloudFront does not wait for": (
        {**api(timeoutSeconds=61), "domain": "api.example.com", "target": "aws", "aws": {"cdn": {}}},
        [
            "refused on eks: airfield:aws.cdn: on eks it needs airfield:kubernetes.ingressClass: alb",
            (
                "cut off on aws: airfield:workloads.api.timeoutSeconds: CloudFront waits 60 s for a response"
                " to begin, not 61; answer earlier, or leave aws.cdn out"
                " (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html)"
            ),
        ],
    ),
    "a request that CloudFront does not wait for, in front of a cluster too": (
        {
            **api(timeoutSeconds=61),
            "domain": "api.example.com",
            "aws": {"cdn": {}},
            "kubernetes": {"ingressClass": "alb"},
        },
        [
            (
                f"cut off on {target}: airfield:workloads.api.timeoutSeconds: CloudFront waits 60 s for a"
                " response to begin, not 61; answer earlier, or leave aws.cdn out"
                " (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html)"
            )
            for target in ("aws", "eks")
        ],
    ),
    "an image for the other processors": (
        {**GOOD, "image": "ghcr.io/acme/api:1-arm64"},
        [
            (
                "fails on aws: airfield:image: ghcr.io/acme/api:1-arm64 is for arm64 by its name, and Fargate"
                " runs amd64 here; build it for both, as airfield:build does"
                " (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RuntimePlatform.html)"
            ),
            (
                "fails on gcp: airfield:image: ghcr.io/acme/api:1-arm64 is for arm64 by its name, and Cloud"
                " Run runs amd64 alone; build it for both, as airfield:build does"
                " (https://cloud.google.com/run/docs/container-contract#languages)"
            ),
        ],
    ),
    "a container larger than the namespace lets one be": (
        {**GOOD, "kubernetes": {"containerLimits": {"memoryMib": 1024}}},
        [
            (
                f"fails on {target}: airfield:workloads.api.memoryMib: 2048, and kubernetes.containerLimits"
                " lets one have 1024; change one of the two"
                " (https://kubernetes.io/docs/concepts/policy/limit-range/)"
            )
            for target in ("eks", "kubernetes")
        ],
    ),
    "less in the namespace than always runs": (
        {**GOOD, "kubernetes": {"quota": {"cpuMillicores": 1999, "pods": 2}}},
        [
            (
                f"fails on {target}: airfield:kubernetes.quota.cpuMillicores: minReplicas of the workloads"
                " alone need 2000, not 1999; raise it (https://kubernetes.io/docs/concepts/policy/resource-quotas/)"
            )
            for target in ("eks", "kubernetes")
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_trap_is_told_with_its_place_and_what_to_do(case: str) -> None:
    raw, lines = CASES[case]
    assert [str(trap) for trap in found(raw)] == lines


def test_an_image_for_both_processors_is_no_trap() -> None:
    assert found({**GOOD, "image": "ghcr.io/acme/api:1-amd64-arm64"}) == []
    built = {"repository": "ghcr.io/acme/arm64-api"}
    assert found({**{k: v for k, v in GOOD.items() if k != "image"}, "build": built}) == []


def test_a_mistake_on_every_platform_is_no_trap_of_one() -> None:
    assert found({**GOOD, "image": None, "domain": "api.example.com", "workloads": {"api": {}}}) != []
    refused = [
        trap
        for trap in found({**GOOD, "domain": "a.b", "workloads": {"api": {}}})
        if trap.effect == "refused"
    ]
    assert refused == []


KIB = 1024
SIZES: dict[str, tuple[int, set[str]]] = {
    "what fits everywhere": (64 * KIB, set()),
    "more than two clouds take": (64 * KIB + 1, {"refused on aws", "refused on gcp"}),
    "more than a variable holds": (
        128 * KIB + 1,
        {"refused on aws", "refused on gcp", "fails on eks", "fails on kubernetes"},
    ),
    "more than anybody takes": (
        500 * KIB + 1,
        {"refused on aws", "refused on gcp", "fails on eks", "fails on kubernetes", "refused on swarm"},
    ),
}


@pytest.mark.parametrize("case", SIZES)
def test_a_secret_that_is_too_large_is_told_where_it_is(case: str) -> None:
    size, said = SIZES[case]
    lines = found(api(secrets=["PEM"]), {"PEM": size})
    assert {f"{trap.effect} on {trap.target}" for trap in lines} == said
    assert {trap.path for trap in lines} <= {("secrets", "PEM")}
    for trap in lines:
        assert f"{size} octets" in trap.what
        assert trap.source == MAX_SECRET[trap.target].source


def test_secrets_that_fit_alone_may_not_fit_in_one_object() -> None:
    names = [f"PEM_{number}" for number in range(17)]
    lines = found(api(secrets=names), dict.fromkeys(names, 64 * KIB))
    assert [(trap.target, trap.path) for trap in lines] == [
        (target, ("workloads", "api", "secrets")) for target in ("eks", "kubernetes")
    ]


def test_a_secret_whose_size_is_unknown_is_no_trap() -> None:
    assert found(api(secrets=["PEM"]), {"PEM": None}) == []


LIMITS = {
    "timeout_seconds": 3600,  # https://cloud.google.com/run/docs/configuring/request-timeout
    "drain_seconds": 110,  # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
}
"""What some platform allows at most; the specification allows no more, so these are traps of none."""


def test_what_the_specification_keeps_within_every_platforms_limit_needs_no_trap() -> None:
    for name, most in LIMITS.items():
        rules = Workload.model_fields[name].metadata
        assert [rule.le for rule in rules if hasattr(rule, "le")] == [most]
    longest = api(timeoutSeconds=3600, drainSeconds=110, health={"startSeconds": 240})
    assert found(longest) == []


@pytest.mark.parametrize("stack", stacks())
@pytest.mark.parametrize("target", ["kubernetes", "eks"])
def test_whatever_an_autoscaler_measures_has_something_set_aside(stack: str, target: str) -> None:
    said = landed(stack, target)
    for scaler in said.of_type("HorizontalPodAutoscaler"):
        name = scaler.inputs["spec"]["scaleTargetRef"]["name"]
        (container,) = said["apps/v1:Deployment", name].inputs["spec"]["template"]["spec"]["containers"]
        measured = {metric["resource"]["name"] for metric in scaler.inputs["spec"]["metrics"]}
        assert measured <= container["resources"]["requests"].keys()


def test_every_trap_of_a_provider_says_where_the_provider_says_so() -> None:
    lines = [trap for raw, _ in CASES.values() for trap in found(raw)]
    assert {trap.target for trap in lines} == set(TARGETS) - {"swarm"}
    ours = {("gcp:project",), ("aws", "cdn")}
    assert [trap for trap in lines if not trap.source.startswith("https://") and trap.path not in ours] == []
