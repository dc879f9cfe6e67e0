"""What a Swarm service runs, by its update's status and its tasks. Judges answers; asks docker.

https://docs.docker.com/reference/api/engine/version/v1.47/#tag/Service/operation/ServiceInspect
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tools.serving.standing import Json, Standing, State, distinct, same_image

_TAKEN_BACK = {"rollback_started", "rollback_completed"}
_HALTED = {"paused", "rollback_paused"}
Docker = Callable[[Sequence[str]], str | None]
"""Runs docker on a manager; what it wrote, or None where there is no such object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the manager said."""

    service: Json | None
    """Of `docker service inspect`; None: there is none."""
    tasks: Sequence[Json] = ()
    """Of `docker inspect` of each task that should run."""


def ask(docker: Docker, name: str) -> Answer:
    """Everything that the judgement needs."""
    found = docker(["service", "inspect", name])
    if found is None:
        return Answer(service=None)
    wanted = ["service", "ps", "--quiet", "--no-trunc", "--filter", "desired-state=running", name]
    ids = (docker(wanted) or "").split()
    tasks: list[Json] = json.loads(docker(["inspect", "--type", "task", *ids]) or "[]") if ids else []
    return Answer(service=json.loads(found)[0], tasks=tasks)


def judge(answer: Answer, asked: str) -> Standing:
    """How the service stands."""
    if answer.service is None:
        return Standing(state="gone", images=(), evidence="the Swarm has no such service")
    update: Json = answer.service.get("UpdateStatus") or dict[str, str]()
    running = [each for each in answer.tasks if each["Status"]["State"] == "running"]
    mode = answer.service["Spec"]["Mode"]
    wanted = mode["Replicated"]["Replicas"] if "Replicated" in mode else len(answer.tasks)
    images = distinct(_image(each["Spec"]) for each in running)
    happened = update.get("State", "never updated")
    why = f": {update['Message']}" if update.get("Message") and happened != "completed" else ""
    return Standing(
        state=_state(answer.service, happened, asked, whole=len(running) >= wanted > 0, images=images),
        images=images,
        evidence=f"Swarm: {len(running)} of {wanted} tasks run, {happened}{why}",
    )


def _state(service: Json, happened: str, asked: str, *, whole: bool, images: tuple[str, ...]) -> State:
    if not same_image(asked, _image(service["Spec"]["TaskTemplate"])):
        return "rolled back" if happened in _TAKEN_BACK else "other image"
    if happened in _HALTED:
        return "stuck"
    settled = happened != "updating" and whole
    return "serving" if settled and all(same_image(asked, image) for image in images) else "rolling"


def _image(task_template: Json) -> str:
    return str(task_template["ContainerSpec"]["Image"])
