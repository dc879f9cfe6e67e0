"""What an ECS service runs, by its task definitions and deployments. Judges answers; asks through a client.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html,
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeploymentBrief.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tools.serving.standing import Json, Standing, State, distinct, same_image

_TAKEN_BACK = {"ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS", "ROLLBACK_SUCCESSFUL"}
_FAILED_TASKS = 3
"""From which on a circuit breaker may end a deployment.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What ECS said."""

    service: Json | None
    """Of DescribeServices; None: there is no such service."""
    revisions: Mapping[str, Json] = field(default_factory=dict[str, Json])
    """Of DescribeTaskDefinition, by ARN: each one that a deployment names."""
    last: Json | None = None
    """The newest of ListServiceDeployments."""


def ask(client: Any, cluster: str, name: str) -> Answer:  # noqa: ANN401 (boto3's clients have no type)
    """Everything that the judgement needs, from a client of ECS."""
    described = client.describe_services(cluster=cluster, services=[name])["services"]
    if not described or described[0]["status"] == "INACTIVE":
        return Answer(service=None)
    service = described[0]
    arns = distinct(each["taskDefinition"] for each in service["deployments"])
    revisions = {arn: client.describe_task_definition(taskDefinition=arn)["taskDefinition"] for arn in arns}
    last = max(_deployments(client, cluster, name), key=lambda each: each["createdAt"], default=None)
    return Answer(service=service, revisions=revisions, last=last)


def _deployments(client: Any, cluster: str, name: str) -> Iterator[Json]:  # noqa: ANN401 (as above)
    page = client.list_service_deployments(cluster=cluster, service=name)
    yield from page["serviceDeployments"]
    while page.get("nextToken"):
        page = client.list_service_deployments(cluster=cluster, service=name, nextToken=page["nextToken"])
        yield from page["serviceDeployments"]


def judge(answer: Answer, workload: str, asked: str) -> Standing:
    """How the workload stands, whose container has its name."""
    if answer.service is None:
        return Standing(state="gone", images=(), evidence="ECS knows no such service")
    deployments = answer.service["deployments"]
    image_of = {arn: _image(revision, workload) for arn, revision in answer.revisions.items()}
    primary = next(each for each in deployments if each["status"] == "PRIMARY")
    running = [each for each in deployments if each["runningCount"] > 0]
    status = (answer.last or {}).get("status", "unknown")
    asked_for = same_image(asked, image_of[primary["taskDefinition"]])
    revision = primary["taskDefinition"].rpartition("/")[2]
    return Standing(
        state=_state(primary, alone=len(running) == 1) if asked_for else _otherwise(status),
        images=distinct(image_of[each["taskDefinition"]] for each in running),
        evidence=(
            f"ECS: {revision}, {primary['runningCount']} of {primary['desiredCount']} tasks,"
            f" rollout {primary.get('rolloutState', 'unknown')}, last deployment {status}"
        ),
    )


def _otherwise(status: str) -> State:
    return "rolled back" if status in _TAKEN_BACK else "other image"


def _state(primary: Json, *, alone: bool) -> State:
    if _is_stuck(primary):
        return "stuck"
    whole = alone and primary["runningCount"] >= primary["desiredCount"] > 0
    return "serving" if whole and primary.get("rolloutState") == "COMPLETED" else "rolling"


def _is_stuck(primary: Json) -> bool:
    return primary.get("rolloutState") == "FAILED" or (
        primary.get("rolloutState") == "IN_PROGRESS" and primary.get("failedTasks", 0) >= _FAILED_TASKS
    )


def _image(revision: Json, workload: str) -> str:
    containers = revision["containerDefinitions"]
    return next((each["image"] for each in containers if each["name"] == workload), "")
