"""What AWS and Google Cloud answer is told apart: serving, rolling, rolled back, stuck, another image."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

import boto3
import pytest
from botocore.stub import Stubber

from tests.infra.gcp.discovery import schemas, strangers
from tests.tools.platform_answers import (
    ACCOUNT,
    NEW,
    OLD,
    Answer,
    cloud_run_revision,
    cloud_run_service,
    ecs_deployment,
    ecs_service,
    ecs_service_deployment,
    task_definition,
    told,
)
from tools.serving import cloud_run, ecs
from tools.serving.standing import Standing

IMAGE_OF = {6: OLD, 7: NEW, 8: OLD}
"""By the revision of the task definition."""

ECS: dict[str, tuple[list[dict[str, Any]], list[str], Answer]] = {
    "serving": (
        [ecs_deployment("PRIMARY", 7, "COMPLETED", running=2)],
        ["SUCCESSFUL"],
        ("serving", (NEW,)),
    ),
    "scaled out meanwhile": (
        [ecs_deployment("PRIMARY", 7, "COMPLETED", running=5, desired=5)],
        ["SUCCESSFUL"],
        ("serving", (NEW,)),
    ),
    "one task is missing": (
        [ecs_deployment("PRIMARY", 7, "COMPLETED", running=1)],
        ["SUCCESSFUL"],
        ("rolling", (NEW,)),
    ),
    "rolling, the old one answers too": (
        [
            ecs_deployment("PRIMARY", 7, "IN_PROGRESS", running=1),
            ecs_deployment("ACTIVE", 6, "COMPLETED", running=2),
        ],
        ["IN_PROGRESS", "SUCCESSFUL"],
        ("rolling", (NEW, OLD)),
    ),
    "completed, the old one still drains": (
        [
            ecs_deployment("PRIMARY", 7, "COMPLETED", running=2),
            ecs_deployment("ACTIVE", 6, "COMPLETED", running=1),
        ],
        ["IN_PROGRESS", "SUCCESSFUL"],
        ("rolling", (NEW, OLD)),
    ),
    "tasks fail again and again": (
        [
            ecs_deployment("PRIMARY", 7, "IN_PROGRESS", running=0, failed=3),
            ecs_deployment("ACTIVE", 6, "COMPLETED", running=2),
        ],
        ["IN_PROGRESS", "SUCCESSFUL"],
        ("stuck", (OLD,)),
    ),
    "failed, and nothing takes it back": (
        [
            ecs_deployment("PRIMARY", 7, "FAILED", running=0, failed=10),
            ecs_deployment("ACTIVE", 6, "COMPLETED", running=2),
        ],
        ["STOPPED", "SUCCESSFUL"],
        ("stuck", (OLD,)),
    ),
    "being rolled back": (
        [
            ecs_deployment("PRIMARY", 6, "IN_PROGRESS", running=2),
            ecs_deployment("ACTIVE", 7, "FAILED", running=1),
        ],
        ["ROLLBACK_IN_PROGRESS", "SUCCESSFUL"],
        ("rolled back", (OLD, NEW)),
    ),
    "rolled back": (
        [ecs_deployment("PRIMARY", 6, "COMPLETED", running=2)],
        ["ROLLBACK_SUCCESSFUL", "SUCCESSFUL"],
        ("rolled back", (OLD,)),
    ),
    "another image": (
        [ecs_deployment("PRIMARY", 8, "COMPLETED", running=2)],
        ["SUCCESSFUL", "ROLLBACK_SUCCESSFUL"],
        ("other image", (OLD,)),
    ),
    "nothing runs": (
        [ecs_deployment("PRIMARY", 7, "COMPLETED", running=0)],
        ["SUCCESSFUL"],
        ("rolling", ()),
    ),
}


@pytest.fixture
def ecs_client() -> Iterator[tuple[Any, Any]]:
    """AWS's own client, which takes only answers that its model of the API allows."""
    make = cast("Any", boto3).client
    keys = {"aws_access_key_id": "-", "aws_secret_access_key": "-"}
    client = make("ecs", region_name="us-east-1", **keys)
    with Stubber(client) as stubber:
        yield client, stubber
        stubber.assert_no_pending_responses()


@pytest.mark.parametrize("case", ECS)
def test_ecs(case: str, ecs_client: tuple[Any, Any]) -> None:
    deployments, statuses, expected = ECS[case]
    client, stubber = ecs_client
    place = {"cluster": "cluster-1", "services": ["api-1"]}
    stubber.add_response("describe_services", {"services": [ecs_service(*deployments)]}, place)
    for each in deployments:
        revision = int(each["taskDefinition"].rpartition(":")[2])
        answer = {"taskDefinition": task_definition(revision, IMAGE_OF[revision])}
        stubber.add_response("describe_task_definition", answer, {"taskDefinition": each["taskDefinition"]})
    # The newest is not first: the API promises no order, and sends pages.
    brief = [ecs_service_deployment(status, -index) for index, status in enumerate(statuses)]
    asked = {"cluster": "cluster-1", "service": "api-1"}
    stubber.add_response(
        "list_service_deployments", {"serviceDeployments": brief[1:], "nextToken": "n"}, asked
    )
    stubber.add_response(
        "list_service_deployments", {"serviceDeployments": brief[:1]}, {**asked, "nextToken": "n"}
    )
    assert told(ecs.judge(ecs.ask(client, "cluster-1", "api-1"), "api", NEW)) == expected


@pytest.mark.parametrize("services", [[], [ecs_service(status="INACTIVE")]], ids=["unknown", "deleted"])
def test_an_ecs_service_that_is_not_there_is_gone(services: list[Any], ecs_client: tuple[Any, Any]) -> None:
    client, stubber = ecs_client
    stubber.add_response("describe_services", {"services": services})
    assert told(ecs.judge(ecs.ask(client, "cluster-1", "api-1"), "api", NEW)) == ("gone", ())


def test_the_evidence_of_ecs_names_the_revision_and_the_rollout() -> None:
    answer = ecs.Answer(
        service=ecs_service(ecs_deployment("PRIMARY", 7, "COMPLETED", running=2)),
        revisions={f"{ACCOUNT}:task-definition/api:7": task_definition(7, NEW)},
        last=ecs_service_deployment("SUCCESSFUL"),
    )
    assert str(ecs.judge(answer, "api", NEW)) == (
        f"serving: {NEW} answers (ECS: api:7, 2 of 2 tasks, rollout COMPLETED, last deployment SUCCESSFUL)"
    )


FAILED = "CONDITION_FAILED"
CLOUD_RUN: dict[str, tuple[dict[str, Any], Answer]] = {
    "serving": (
        cloud_run_service(NEW, created="api-2", ready="api-2", traffic={"api-2": 100}),
        ("serving", (NEW,)),
    ),
    "rolling": (
        cloud_run_service(
            NEW,
            created="api-2",
            ready="api-1",
            traffic={"api-1": 100},
            condition="CONDITION_RECONCILING",
            reconciling=True,
        ),
        ("rolling", (OLD,)),
    ),
    "not begun yet": (
        cloud_run_service(NEW, created="api-1", ready="api-1", traffic={"api-1": 100}, observed=6),
        ("rolling", (OLD,)),
    ),
    "the new revision does not start": (
        cloud_run_service(
            NEW,
            created="api-2",
            ready="api-1",
            traffic={"api-1": 100},
            condition=FAILED,
            message="The user-provided container failed to start and listen on the port",
        ),
        ("stuck", (OLD,)),
    ),
    "traffic was sent back": (
        cloud_run_service(NEW, created="api-2", ready="api-2", traffic={"api-1": 100}),
        ("rolled back", (OLD,)),
    ),
    "traffic is split": (
        cloud_run_service(NEW, created="api-2", ready="api-2", traffic={"api-2": 90, "api-1": 10}),
        ("rolled back", (NEW, OLD)),
    ),
    "another image": (
        cloud_run_service(OLD, created="api-1", ready="api-1", traffic={"api-1": 100}),
        ("other image", (OLD,)),
    ),
}
REVISIONS = {"api-1": cloud_run_revision("api-1", OLD), "api-2": cloud_run_revision("api-2", NEW)}


class Session:
    """Answers as the API does, by the address."""

    def __init__(self, known: Mapping[str, Any]) -> None:
        self._known = known

    def get(self, url: str, timeout: float) -> Any:  # noqa: ANN401 (as of requests)
        assert timeout > 0
        import requests  # noqa: PLC0415 (half a second)

        response = requests.Response()
        found = self._known.get(url.removeprefix(f"{cloud_run.API}/projects/acme/locations/us-central1/"))
        response.status_code = 200 if found else 404
        response._content = json.dumps(found).encode()
        return response


def from_cloud_run(service: dict[str, Any] | None) -> Standing:
    known = {f"services/api/revisions/{name}": revision for name, revision in REVISIONS.items()}
    session = Session({**known, "services/api": service})
    return cloud_run.judge(cloud_run.ask(session, "acme", "us-central1", "api"), NEW)


@pytest.mark.parametrize("case", CLOUD_RUN)
def test_cloud_run(case: str) -> None:
    service, expected = CLOUD_RUN[case]
    known = schemas("run.v2")
    assert list(strangers(service, known["GoogleCloudRunV2Service"], known, {})) == []
    assert told(from_cloud_run(service)) == expected


def test_revisions_of_cloud_run_are_as_google_describes_them() -> None:
    known = schemas("run.v2")
    for revision in REVISIONS.values():
        assert list(strangers(revision, known["GoogleCloudRunV2Revision"], known, {})) == []


def test_traffic_to_the_latest_need_not_name_it() -> None:
    service = CLOUD_RUN["serving"][0]
    (status,) = service["trafficStatuses"]
    nameless = {**service, "trafficStatuses": [{k: v for k, v in status.items() if k != "revision"}]}
    assert told(from_cloud_run(nameless)) == ("serving", (NEW,))


def test_a_cloud_run_service_that_is_not_there_is_gone() -> None:
    assert told(from_cloud_run(None)) == ("gone", ())


def test_the_evidence_of_cloud_run_says_why_a_revision_failed() -> None:
    said = from_cloud_run(CLOUD_RUN["the new revision does not start"][0]).evidence
    assert said == (
        "Cloud Run: 100% to api-1, CONDITION_FAILED:"
        " The user-provided container failed to start and listen on the port"
    )
