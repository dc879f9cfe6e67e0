"""Stands in for the Google Cloud provider: plausible ids, links and addresses. Reaches no project."""

from collections.abc import Callable, Mapping

from tools.standin.provider import StandIn
from tools.standin.resource import Resource
from tools.standin.wire import Properties

_PROJECT_NUMBER = "123456789012"


def _project(resource: Resource) -> str:
    return str(resource.inputs.get("project") or resource.provider.get("project") or "rehearsal")


def _location(resource: Resource) -> str:
    for key in ("location", "region"):
        if resource.inputs.get(key):
            return str(resource.inputs[key])
    return str(resource.provider.get("region") or "global")


def _path(resource: Resource) -> str:
    collection = resource.kind[0].lower() + resource.kind[1:] + "s"
    name = str(
        resource.inputs.get("secretId") or resource.inputs.get("repositoryId") or resource.physical_name
    )
    return f"projects/{_project(resource)}/locations/{_location(resource)}/{collection}/{name}"


def _service_account(resource: Resource) -> Properties:
    email = f"{resource.inputs.get('accountId')}@{_project(resource)}.iam.gserviceaccount.com"
    path = f"projects/{_project(resource)}/serviceAccounts/{email}"
    return {"email": email, "member": f"serviceAccount:{email}", "name": path, "id": path}


def _run_service(resource: Resource) -> Properties:
    uri = f"https://{resource.physical_name}-{_PROJECT_NUMBER}.{_location(resource)}.run.app"
    return {"uri": uri, "urls": [uri], "latestReadyRevision": f"{resource.physical_name}-00001"}


def _repository(resource: Resource) -> Properties:
    host = f"{_location(resource)}-docker.pkg.dev"
    return {"registryUri": f"{host}/{_project(resource)}/{resource.inputs.get('repositoryId')}"}


def _identity_pool(resource: Resource) -> Properties:
    pool = resource.inputs.get("workloadIdentityPoolId")
    path = f"projects/{_project(resource)}/locations/global/workloadIdentityPools/{pool}"
    return {"name": path, "id": path}


def _monitored(resource: Resource) -> Properties:
    path = f"projects/{_PROJECT_NUMBER}/services/{resource.physical_name}"
    return {"serviceId": resource.physical_name, "name": path, "id": path}


def _objective(resource: Resource) -> Properties:
    service = f"projects/{_PROJECT_NUMBER}/services/{resource.inputs.get('service')}"
    path = f"{service}/serviceLevelObjectives/{resource.physical_name}"
    return {"sloId": resource.physical_name, "name": path, "id": path}


_COMPUTED: Mapping[str, Callable[[Resource], Properties]] = {
    "Account": _service_account,
    "Address": lambda _: {"address": "203.0.113.20"},
    "CustomService": _monitored,
    "DatabaseInstance": lambda resource: {
        "connectionName": f"{_project(resource)}:{_location(resource)}:{resource.physical_name}",
        "privateIpAddress": "10.64.0.3",
        "publicIpAddress": "",
        "ipAddresses": [{"ipAddress": "10.64.0.3", "type": "PRIVATE"}],
        "serviceAccountEmailAddress": f"p{_PROJECT_NUMBER}@gcp-sa-cloud-sql.iam.gserviceaccount.com",
    },
    "GlobalAddress": lambda _: {"address": "203.0.113.20"},
    "Instance": lambda resource: {
        "host": "10.64.1.3",
        "port": 6378 if resource.inputs.get("transitEncryptionMode") == "SERVER_AUTHENTICATION" else 6379,
        "authString": f"drawn-{resource.digest[:20]}",
        "serverCaCerts": [{"cert": "rehearsal", "sha1Fingerprint": "0" * 40}],
    },
    "Repository": _repository,
    "UptimeCheckConfig": lambda resource: {"uptimeCheckId": resource.physical_name},
    "WorkloadIdentityPool": _identity_pool,
    "Slo": _objective,
    "SecretVersion": lambda _: {"version": "1"},
    "Service": lambda resource: _run_service(resource) if resource.module.startswith("cloudrun") else {},
}


class Gcp(StandIn):
    """Any resource of the Google Cloud provider."""

    package = "gcp"

    def identity(self, resource: Resource) -> str:
        """The resource's path below its project."""
        return str(self.computed(resource).get("id"))

    def computed(self, resource: Resource) -> Properties:
        """A name, a path and a link always, and what the kind is known for."""
        special = _COMPUTED.get(resource.kind)
        path = _path(resource)
        return {
            "id": path,
            "name": resource.physical_name,
            "project": _project(resource),
            "selfLink": f"https://www.googleapis.com/{resource.module}/v1/{path}",
            **(special(resource) if special else {}),
        }

    def answer(self, token: str, arguments: Properties, settings: Properties) -> Properties:
        """The project, and who asks."""
        project = str(arguments.get("projectId") or settings.get("project") or "rehearsal")
        region = str(settings.get("region") or "us-central1")
        match token.rpartition(":")[2]:
            case "getProject":
                return {"id": project, "projectId": project, "number": _PROJECT_NUMBER, "name": project}
            case "getClientConfig":
                return {"id": project, "project": project, "region": region, "zone": f"{region}-a"}
            case _:
                return super().answer(token, arguments, settings)
