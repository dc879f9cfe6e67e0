"""What a cluster and a Swarm answer is told apart: serving, rolling, rolled back, stuck, another image."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import kubernetes_validate
import pytest

from tests.tools.platform_answers import (
    NEW,
    OLD,
    Answer,
    deployment,
    pod,
    replica_set,
    swarm_service,
    swarm_task,
    told,
)
from tools.serving import cluster, swarm
from tools.serving.standing import Standing

SETS = [replica_set(OLD, 1), replica_set(NEW, 2)]
KUBERNETES: dict[str, tuple[dict[str, Any], list[Any], list[Any], Answer]] = {
    "serving": (deployment(NEW), SETS, [pod(NEW), pod(NEW)], ("serving", (NEW,))),
    "not observed yet": (
        deployment(NEW, generation=3),
        SETS,
        [pod(OLD), pod(OLD)],
        ("rolling", (OLD,)),
    ),
    "half of it is new": (
        deployment(NEW, updated=1, total=3, progressing="ReplicaSetUpdated"),
        SETS,
        [pod(NEW), pod(OLD)],
        ("rolling", (NEW, OLD)),
    ),
    "an old pod has not ended": (
        deployment(NEW, total=3, progressing="ReplicaSetUpdated"),
        SETS,
        [pod(NEW), pod(NEW), pod(OLD)],
        ("rolling", (NEW, OLD)),
    ),
    "the new pods are not ready": (
        deployment(NEW, available=0, progressing="ReplicaSetUpdated"),
        SETS,
        [pod(NEW, ready=False), pod(NEW, ready=False)],
        ("rolling", ()),
    ),
    "stuck": (
        deployment(NEW, updated=1, total=3, available=2, progressing="ProgressDeadlineExceeded"),
        SETS,
        [pod(NEW, ready=False), pod(OLD), pod(OLD)],
        ("stuck", (OLD,)),
    ),
    "undone": (
        deployment(OLD, revision=3, generation=3, observed=3),
        [replica_set(OLD, 3), replica_set(NEW, 2)],
        [pod(OLD), pod(OLD)],
        ("rolled back", (OLD,)),
    ),
    "never rolled out": (
        deployment(OLD, revision=1),
        [replica_set(OLD, 1)],
        [pod(OLD), pod(OLD)],
        ("other image", (OLD,)),
    ),
    "somebody else's ReplicaSet": (
        deployment(OLD, revision=3),
        [replica_set(OLD, 3), replica_set(NEW, 2, owner="0002")],
        [pod(OLD), pod(OLD)],
        ("other image", (OLD,)),
    ),
}


def from_cluster(objects: Mapping[str, Any]) -> Standing:
    def kubectl(arguments: Sequence[str]) -> str | None:
        verb, kind, *_ = arguments
        assert verb == "get"
        assert list(arguments[-4:]) == ["--namespace", "airfield", "--output", "json"]
        if kind != "deployment":
            assert arguments[2:4] == ["--selector", "app=api"]
        return json.dumps(objects[kind]) if objects.get(kind) else None

    return cluster.judge(cluster.ask(kubectl, "airfield", "api"), "api", NEW)


@pytest.mark.parametrize("case", KUBERNETES)
def test_kubernetes(case: str) -> None:
    found, sets, pods, expected = KUBERNETES[case]
    for each in (found, *sets, *pods):
        kubernetes_validate.validate(each, "1.34", strict=True)
    objects = {"deployment": found, "replicasets": {"items": sets}, "pods": {"items": pods}}
    assert told(from_cluster(objects)) == expected


def test_a_deployment_that_is_not_there_is_gone() -> None:
    assert told(from_cluster({})) == ("gone", ())


def test_the_evidence_of_kubernetes_has_generation_and_digest() -> None:
    objects = {"deployment": deployment(NEW), "replicasets": {"items": SETS}, "pods": {"items": [pod(NEW)]}}
    assert from_cluster(objects).evidence == (
        "Deployment: generation 2 observed 2, 2 updated and 2 available of 2, pods run sha256:" + "b" * 64
    )


SWARM: dict[str, tuple[dict[str, Any], list[dict[str, Any]], Answer]] = {
    "first deployed": (swarm_service(NEW, None), [swarm_task(NEW)] * 2, ("serving", (NEW,))),
    "serving": (swarm_service(NEW, "completed"), [swarm_task(NEW)] * 2, ("serving", (NEW,))),
    "a task starts": (
        swarm_service(NEW, "completed"),
        [swarm_task(NEW), swarm_task(NEW, "starting")],
        ("rolling", (NEW,)),
    ),
    "rolling": (
        swarm_service(NEW, "updating"),
        [swarm_task(NEW), swarm_task(OLD)],
        ("rolling", (NEW, OLD)),
    ),
    "the last new task is still watched": (
        swarm_service(NEW, "updating"),
        [swarm_task(NEW)] * 2,
        ("rolling", (NEW,)),
    ),
    "paused": (swarm_service(NEW, "paused"), [swarm_task(OLD)] * 2, ("stuck", (OLD,))),
    "the way back is paused": (
        swarm_service(NEW, "rollback_paused"),
        [swarm_task(OLD)] * 2,
        ("stuck", (OLD,)),
    ),
    "being rolled back": (
        swarm_service(OLD, "rollback_started"),
        [swarm_task(NEW), swarm_task(OLD)],
        ("rolled back", (NEW, OLD)),
    ),
    "rolled back": (swarm_service(OLD, "rollback_completed"), [swarm_task(OLD)] * 2, ("rolled back", (OLD,))),
    "rolled back to what is asked for": (
        swarm_service(NEW, "rollback_completed"),
        [swarm_task(NEW)] * 2,
        ("serving", (NEW,)),
    ),
    "another image": (swarm_service(OLD, "completed"), [swarm_task(OLD)] * 2, ("other image", (OLD,))),
    "nothing runs": (swarm_service(NEW, "completed"), [], ("rolling", ())),
}


def from_swarm(service: object, tasks: Sequence[object]) -> Standing:
    def docker(arguments: Sequence[str]) -> str | None:
        match list(arguments):
            case ["service", "inspect", "airfield_api"]:
                return json.dumps([service]) if service else None
            case ["service", "ps", *_, "desired-state=running", "airfield_api"]:
                return "".join(f"task-{index}\n" for index, _ in enumerate(tasks))
            case ["inspect", "--type", "task", *ids]:
                assert len(ids) == len(tasks)
                return json.dumps(tasks)
            case _:
                raise AssertionError(arguments)

    return swarm.judge(swarm.ask(docker, "airfield_api"), NEW)


@pytest.mark.parametrize("case", SWARM)
def test_swarm(case: str) -> None:
    service, tasks, expected = SWARM[case]
    assert told(from_swarm(service, tasks)) == expected


def test_a_swarm_service_that_is_not_there_is_gone() -> None:
    assert told(from_swarm(None, [])) == ("gone", ())


def test_the_evidence_of_a_swarm_says_why_an_update_was_paused() -> None:
    service = swarm_service(NEW, "paused", "update paused due to failure or early termination of task x")
    assert from_swarm(service, [swarm_task(OLD)] * 2).evidence == (
        "Swarm: 2 of 2 tasks run, paused: update paused due to failure or early termination of task x"
    )
