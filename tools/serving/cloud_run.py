"""What a Cloud Run service serves, by where its traffic goes. Judges answers; asks through a session.

https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services,
https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services.revisions
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from tools.serving.standing import Json, Standing, State, distinct, same_image

API = "https://run.googleapis.com/v2"
SCOPE = "https://www.googleapis.com/auth/cloud-platform"
TIMEOUT_SECONDS = 30
_LATEST = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"
_FAILED, _SUCCEEDED = "CONDITION_FAILED", "CONDITION_SUCCEEDED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What Cloud Run said."""

    service: Json | None
    """None: there is no such service."""
    revisions: Mapping[str, Json] = field(default_factory=dict[str, Json])
    """By name: each that traffic goes to."""


def ask(session: Any, project: str, region: str, name: str) -> Answer:  # noqa: ANN401 (as of requests)
    """Everything that the judgement needs, through a session that signs its requests."""
    path = f"{API}/projects/{project}/locations/{region}/services/{name}"
    response = session.get(path, timeout=TIMEOUT_SECONDS)
    if response.status_code == HTTPStatus.NOT_FOUND:
        return Answer(service=None)
    response.raise_for_status()
    service: Json = response.json()
    revisions: dict[str, Json] = {}
    for revision in _traffic(service):
        found = session.get(f"{path}/revisions/{revision}", timeout=TIMEOUT_SECONDS)
        found.raise_for_status()
        revisions[revision] = found.json()
    return Answer(service=service, revisions=revisions)


def judge(answer: Answer, asked: str) -> Standing:
    """How the service stands."""
    service = answer.service
    if service is None:
        return Standing(state="gone", images=(), evidence="Cloud Run knows no such service")
    traffic = _traffic(service)
    image_of = {name: _image(revision) for name, revision in answer.revisions.items()}
    images = distinct(image_of[name] for name in traffic)
    shares = ", ".join(f"{percent}% to {name}" for name, percent in traffic.items()) or "no traffic"
    condition = service.get("terminalCondition", {})
    state = condition.get("state", "unknown")
    why = f": {condition['message']}" if state == _FAILED and condition.get("message") else ""
    return Standing(
        state=_state(service, images, asked),
        images=images,
        evidence=f"Cloud Run: {shares}, {state}{why}",
    )


def _state(service: Json, images: tuple[str, ...], asked: str) -> State:
    if not same_image(asked, _image(service["template"])):
        return "other image"
    condition = service.get("terminalCondition", {}).get("state")
    behind = int(service.get("observedGeneration", 0)) < int(service.get("generation", 0))
    if service.get("reconciling") or behind:
        return "rolling"
    if condition == _FAILED:
        return "stuck"
    if images and all(same_image(asked, image) for image in images) and condition == _SUCCEEDED:
        return "serving"
    return "rolled back"  # the newest revision is ready, and somebody sent traffic to another


def _traffic(service: Json) -> dict[str, int]:
    """The share of each revision that has any; whatever takes the latest is its name."""
    found: dict[str, int] = {}
    for each in service.get("trafficStatuses", ()):
        name = str(each.get("revision") or "")
        if not name and each.get("type") == _LATEST:
            name = str(service.get("latestReadyRevision", ""))
        if name and each.get("percent"):
            key = name.rpartition("/")[2]
            found[key] = found.get(key, 0) + int(each["percent"])
    return found


def _image(template: Json) -> str:
    return str(template["containers"][0]["image"])
