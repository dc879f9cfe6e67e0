"""What a Deployment runs, by its own status, its ReplicaSets and its pods. Judges answers; asks kubectl.

https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tools.serving.standing import Json, Standing, State, distinct, same_image

_REVISION = "deployment.kubernetes.io/revision"
_LATE = "ProgressDeadlineExceeded"
Kubectl = Callable[[Sequence[str]], str | None]
"""Runs kubectl; what it wrote, or None where there is no such object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the API server said."""

    deployment: Json | None
    """None: there is none."""
    replica_sets: Sequence[Json] = ()
    """Those of the Deployment."""
    pods: Sequence[Json] = ()
    """Those that its selector finds."""


def ask(kubectl: Kubectl, namespace: str, name: str) -> Answer:
    """Everything that the judgement needs."""
    inside = ("--namespace", namespace, "--output", "json")
    found = kubectl(["get", "deployment", name, *inside])
    if found is None:
        return Answer(deployment=None)
    deployment: Json = json.loads(found)
    labels = deployment["spec"]["selector"]["matchLabels"]
    selector = ",".join(f"{key}={value}" for key, value in sorted(labels.items()))

    def those(kind: str) -> Sequence[Json]:
        return json.loads(kubectl(["get", kind, "--selector", selector, *inside]) or '{"items": []}')["items"]

    owned = [each for each in those("replicasets") if _is_owned(each, deployment)]
    return Answer(deployment=deployment, replica_sets=owned, pods=those("pods"))


def judge(answer: Answer, workload: str, asked: str) -> Standing:
    """How the Deployment stands, whose container has the workload's name."""
    deployment = answer.deployment
    if deployment is None:
        return Standing(state="gone", images=(), evidence="the cluster has no such Deployment")
    status, wanted = deployment.get("status", {}), deployment["spec"].get("replicas", 1)
    ready = [each for each in (_container(pod, workload) for pod in answer.pods if _is_met(pod)) if each]
    said = (
        f"Deployment: generation {deployment['metadata']['generation']} observed"
        f" {status.get('observedGeneration', 0)}, {status.get('updatedReplicas', 0)} updated and"
        f" {status.get('availableReplicas', 0)} available of {wanted}"
    )
    digests = distinct(each["imageID"].rpartition("@")[2] for each in ready if "@" in each["imageID"])
    ran = f", pods run {' and '.join(digests)}" if digests else ""
    return Standing(
        state=_state(answer, deployment, _image(deployment, workload), asked, workload),
        images=distinct(each["image"] for each in ready),
        evidence=said + ran,
    )


def _state(answer: Answer, deployment: Json, image: str, asked: str, workload: str) -> State:
    if not same_image(asked, image):
        return "rolled back" if _came_before(answer, deployment, asked, workload) else "other image"
    status, wanted = deployment.get("status", {}), deployment["spec"].get("replicas", 1)
    if status.get("observedGeneration", 0) < deployment["metadata"]["generation"]:
        return "rolling"
    if any(each.get("reason") == _LATE for each in status.get("conditions", ())):
        return "stuck"
    updated = status.get("updatedReplicas", 0)
    whole = updated >= wanted and status.get("replicas", 0) == updated
    return "serving" if whole and status.get("availableReplicas", 0) >= updated > 0 else "rolling"


def _came_before(answer: Answer, deployment: Json, asked: str, workload: str) -> bool:
    """Whether the image had been rolled out, and another was put in its place afterwards."""
    now = int(deployment["metadata"].get("annotations", {}).get(_REVISION, 0))
    return any(
        same_image(asked, _image(each, workload))
        and int(each["metadata"].get("annotations", {}).get(_REVISION, 0)) < now
        for each in answer.replica_sets
    )


def _image(owner: Json, workload: str) -> str:
    containers = owner["spec"]["template"]["spec"]["containers"]
    return next((each["image"] for each in containers if each["name"] == workload), "")


def _is_owned(replica_set: Json, deployment: Json) -> bool:
    owners = replica_set["metadata"].get("ownerReferences", ())
    return any(each["uid"] == deployment["metadata"]["uid"] for each in owners)


def _is_met(pod: Json) -> bool:
    conditions = pod.get("status", {}).get("conditions", ())
    ready = any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)
    return ready and "deletionTimestamp" not in pod["metadata"]


def _container(pod: Json, workload: str) -> Json | None:
    statuses = pod["status"].get("containerStatuses", ())
    return next((each for each in statuses if each["name"] == workload), None)
