"""What platforms answer when they are asked what they serve, in the form that their references give.

Each part of an answer is there because the API always sends it, or because it tells two cases apart.
Knows not how it is judged.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from tools.serving.standing import Standing, State

Answer = tuple[State, tuple[str, ...]]
"""What is to be found out: the state, and the images that answer."""
OLD = "ghcr.io/acme/airfield@sha256:" + "a" * 64
NEW = "ghcr.io/acme/airfield@sha256:" + "b" * 64
ACCOUNT = "arn:aws:ecs:us-east-1:123456789012"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def told(standing: Standing) -> Answer:
    """What was found out."""
    return standing.state, standing.images


def task_definition(revision: int, image: str) -> dict[str, Any]:
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTaskDefinition.html
    return {
        "taskDefinitionArn": f"{ACCOUNT}:task-definition/api:{revision}",
        "family": "api",
        "revision": revision,
        "status": "ACTIVE",
        "containerDefinitions": [
            {"name": "sidecar", "image": "public.ecr.aws/acme/sidecar:1", "essential": False},
            {"name": "api", "image": image, "essential": True},
        ],
    }


def ecs_deployment(  # noqa: PLR0913 (a deployment is told by these)
    status: str, revision: int, rollout: str, *, running: int, desired: int = 2, failed: int = 0
) -> dict[str, Any]:
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
    return {
        "id": f"ecs-svc/{revision:019}",
        "status": status,
        "taskDefinition": f"{ACCOUNT}:task-definition/api:{revision}",
        "desiredCount": desired,
        "pendingCount": max(desired - running, 0),
        "runningCount": running,
        "failedTasks": failed,
        "createdAt": NOON,
        "updatedAt": NOON + timedelta(minutes=3),
        "launchType": "FARGATE",
        "rolloutState": rollout,
        "rolloutStateReason": f"ECS deployment ecs-svc/{revision:019} {rollout.lower()}.",
    }


def ecs_service(*deployments: dict[str, Any], status: str = "ACTIVE") -> dict[str, Any]:
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
    return {
        "serviceArn": f"{ACCOUNT}:service/cluster-1/api-1",
        "serviceName": "api-1",
        "clusterArn": f"{ACCOUNT}:cluster/cluster-1",
        "status": status,
        "desiredCount": 2,
        "runningCount": sum(each["runningCount"] for each in deployments),
        "pendingCount": sum(each["pendingCount"] for each in deployments),
        "taskDefinition": deployments[0]["taskDefinition"] if deployments else "",
        "deployments": list(deployments),
        "events": [],
    }


def ecs_service_deployment(status: str, minutes: int = 0) -> dict[str, Any]:
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServiceDeployments.html
    return {
        "serviceDeploymentArn": f"{ACCOUNT}:service-deployment/cluster-1/api-1/{minutes:021}",
        "serviceArn": f"{ACCOUNT}:service/cluster-1/api-1",
        "clusterArn": f"{ACCOUNT}:cluster/cluster-1",
        "createdAt": NOON + timedelta(minutes=minutes),
        "targetServiceRevisionArn": f"{ACCOUNT}:service-revision/cluster-1/api-1/{minutes:019}",
        "status": status,
    }


RUN = "projects/acme/locations/us-central1/services/api"


def cloud_run_revision(name: str, image: str) -> dict[str, Any]:
    # https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services.revisions
    return {
        "name": f"{RUN}/revisions/{name}",
        "generation": "1",
        "observedGeneration": "1",
        "service": "api",
        "containers": [{"name": "api", "image": image}],
        "conditions": [{"type": "Ready", "state": "CONDITION_SUCCEEDED"}],
    }


def cloud_run_service(  # noqa: PLR0913 (a service is told by these)
    image: str,
    *,
    created: str,
    ready: str,
    traffic: dict[str, int],
    condition: str = "CONDITION_SUCCEEDED",
    message: str = "",
    reconciling: bool = False,
    observed: int = 7,
) -> dict[str, Any]:
    # https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services
    said = {"type": "Ready", "state": condition, "lastTransitionTime": "2026-11-21T12:00:00Z"}
    latest = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"
    pinned = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"
    return {
        "name": RUN,
        "generation": "7",
        "observedGeneration": str(observed),
        "template": {"containers": [{"name": "api", "image": image}]},
        "traffic": [{"type": latest, "percent": 100}],
        "trafficStatuses": [
            {"type": latest if name == ready else pinned, "revision": name, "percent": percent}
            for name, percent in traffic.items()
        ],
        "terminalCondition": said | ({"message": message} if message else {}),
        "latestCreatedRevision": f"{RUN}/revisions/{created}",
        "latestReadyRevision": f"{RUN}/revisions/{ready}",
        "uri": "https://api-abc-uc.a.run.app",
        **({"reconciling": True} if reconciling else {}),
    }


def _pod_template(image: str) -> dict[str, Any]:
    containers = [{"name": "sidecar", "image": "sidecar:1"}, {"name": "api", "image": image}]
    return {"metadata": {"labels": {"app": "api"}}, "spec": {"containers": containers}}


def deployment(  # noqa: PLR0913 (a Deployment is told by these)
    image: str,
    *,
    revision: int = 2,
    generation: int = 2,
    observed: int = 2,
    updated: int = 2,
    total: int = 2,
    available: int = 2,
    progressing: str = "NewReplicaSetAvailable",
) -> dict[str, Any]:
    # https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/
    late = progressing == "ProgressDeadlineExceeded"
    conditions = [
        {"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable"},
        {"type": "Progressing", "status": "False" if late else "True", "reason": progressing},
    ]
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {
            "name": "api",
            "namespace": "airfield",
            "uid": "4b0b1b7e-0000-4000-8000-000000000001",
            "generation": generation,
            "annotations": {"deployment.kubernetes.io/revision": str(revision)},
        },
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": {"app": "api"}},
            "template": _pod_template(image),
        },
        "status": {
            "observedGeneration": observed,
            "replicas": total,
            "updatedReplicas": updated,
            "readyReplicas": available,
            "availableReplicas": available,
            "conditions": conditions,
        },
    }


def replica_set(image: str, revision: int, *, owner: str = "0001") -> dict[str, Any]:
    # https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/replica-set-v1/
    owned = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "api", "controller": True}
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {
            "name": f"api-{revision}",
            "annotations": {"deployment.kubernetes.io/revision": str(revision)},
            "ownerReferences": [{**owned, "uid": f"4b0b1b7e-0000-4000-8000-00000000{owner}"}],
        },
        "spec": {"selector": {"matchLabels": {"app": "api"}}, "template": _pod_template(image)},
    }


def pod(image: str, *, ready: bool = True) -> dict[str, Any]:
    # https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
    status = {
        "name": "api",
        "image": image,
        "imageID": image,
        "ready": ready,
        "restartCount": 0,
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "api-x", "labels": {"app": "api"}},
        "spec": _pod_template(image)["spec"],
        "status": {
            "phase": "Running",
            "conditions": [{"type": "Ready", "status": "True" if ready else "False"}],
            "containerStatuses": [status],
        },
    }


def swarm_service(image: str, update: str | None, message: str = "", replicas: int = 2) -> dict[str, Any]:
    # https://docs.docker.com/reference/api/engine/version/v1.47/#tag/Service/operation/ServiceInspect
    status = {
        "State": update,
        "StartedAt": "2026-11-21T12:00:00.000000000Z",
        "Message": message or f"update {update}",
    }
    return {
        "ID": "9mnpnzenvg8p8tdbtq4wvbkcz",
        "Version": {"Index": 19},
        "Spec": {
            "Name": "airfield_api",
            "TaskTemplate": {"ContainerSpec": {"Image": image}},
            "Mode": {"Replicated": {"Replicas": replicas}},
        },
        **({"UpdateStatus": status} if update else {}),
    }


def swarm_task(image: str, state: str = "running") -> dict[str, Any]:
    # https://docs.docker.com/reference/api/engine/version/v1.47/#tag/Task/operation/TaskInspect
    return {
        "ID": "0kzzo1i0y4jz6027t0k7aezc7",
        "ServiceID": "9mnpnzenvg8p8tdbtq4wvbkcz",
        "Spec": {"ContainerSpec": {"Image": image}},
        "Status": {"State": state, "Timestamp": "2026-11-21T12:00:00.000000000Z"},
        "DesiredState": "running",
    }
