"""What Cloud Run would refuse late, or lose silently, is refused when the stack file is read."""

import pytest

from tests.infra.gcp.stacks import answers, gcp_config
from tests.synth import synthesise_config

KEPT = "may never arrive: Cloud Run keeps /eventlog, /_ah/ and paths that end in z"
REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "a liveness path that ends in z": (
        {"health": {"livenessPath": "/healthz"}},
        f"airfield:workloads.api.health.livenessPath: /healthz {KEPT}",
    ),
    "a readiness path that ends in z": (
        {"health": {"readinessPath": "/readyz"}},
        f"airfield:workloads.api.health.readinessPath: /readyz {KEPT}",
    ),
    "a path of App Engine's": (
        {"health": {"livenessPath": "/_ah/health"}},
        f"airfield:workloads.api.health.livenessPath: /_ah/health {KEPT}",
    ),
    "the path of the event log": (
        {"health": {"livenessPath": "/eventlog"}},
        f"airfield:workloads.api.health.livenessPath: /eventlog {KEPT}",
    ),
    **{
        f"the variable {variable}": (
            {"environment": {variable: "1"}},
            f"airfield:workloads.api.environment.{variable}: Cloud Run sets it itself; leave it out",
        )
        for variable in ("K_CONFIGURATION", "K_REVISION", "K_SERVICE", "PORT")
    },
}


def with_api(**fields: object) -> dict[str, object]:
    return gcp_config(workloads={"api": {"public": True, **fields}})


@pytest.mark.parametrize("case", REFUSED)
def test_what_cloud_run_keeps_is_refused(case: str) -> None:
    fields, answer = REFUSED[case]
    assert answers(with_api(**fields)) == [answer]


def test_a_secret_of_a_kept_name_is_refused() -> None:
    config = with_api(secrets=["PORT"]) | {"airfield:secrets": {"PORT": "1"}}
    assert answers(config) == ["airfield:workloads.api.secrets[0]: PORT: Cloud Run sets it itself"]


def test_elsewhere_the_same_is_let_through() -> None:
    fields = {"health": {"livenessPath": "/healthz"}, "environment": {"K_SERVICE": "1"}}
    assert synthesise_config(with_api(**fields) | {"airfield:target": "aws"}).of_type("ecs/service:Service")


def test_a_build_whose_tag_could_not_move_is_refused() -> None:
    config = {key: value for key, value in gcp_config().items() if key != "airfield:image"} | {
        "airfield:build": {"repository": "us-central1-docker.pkg.dev/acme-production/airfield/api"},
        "airfield:gcp": {"registry": "airfield"},
    }
    (answer,) = answers(config)
    assert answer == (
        "airfield:build.repository: tags in us-central1-docker.pkg.dev/acme-production/airfield never move,"
        " and a build here moves latest: build in the pipeline"
    )
