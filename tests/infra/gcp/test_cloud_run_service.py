from functools import cache
from typing import Any

import pytest

from infra.gcp.service_template import max_instances
from infra.workload import Scaling
from tests.synth import Declared, Synthesis, synthesise_config

IMAGE = f"us-docker.pkg.dev/acme/apps/airfield@sha256:{'0' * 64}"


@cache
def said(domain: str | None = None) -> Synthesis:
    """A public workload with every setting, and the private one that it calls, with none."""
    api: dict[str, object] = {
        "public": True,
        "port": 8080,
        "command": ["python", "-m", "app"],
        "cpuMillicores": 2000,
        "memoryMib": 1024,
        "timeoutSeconds": 120,
        "scaling": {"minReplicas": 3, "maxReplicas": 9, "cpuPercent": 60, "concurrency": 40},
        "health": {"livenessPath": "/alive", "readinessPath": "/able", "startSeconds": 91},
        "environment": {"LOG_LEVEL": "INFO"},
        "secrets": ["API_KEY"],
        "uses": ["postgres"],
        "calls": ["worker"],
    }
    config: dict[str, object] = {
        "airfield:target": "gcp",
        "airfield:environment": "production" if domain else "staging",
        "airfield:image": IMAGE,
        "airfield:workloads": {"api": api, "worker": {"cpuMillicores": 1000}},
        "airfield:postgres": {"external": True},
        "airfield:secrets": {"API_KEY": "1", "DATABASE_URL": "2", "UNUSED": "3"},
        "gcp:project": "acme",
        "gcp:region": "europe-west1",
    }
    return synthesise_config({**config, **({"airfield:domain": domain} if domain else {})})


def service(name: str, domain: str | None = None) -> Declared:
    return said(domain)["cloudrunv2/service:Service", name]


def container(name: str) -> dict[str, Any]:
    (only,) = service(name).inputs["template"]["containers"]
    return only


def plain(name: str) -> dict[str, str]:
    return {each["name"]: each["value"] for each in container(name)["envs"] if "value" in each}


def test_the_container_runs_with_its_cpu_always_its_own() -> None:
    kept = {key: value for key, value in container("api").items() if key != "envs"}
    assert kept == {
        "image": IMAGE,
        "args": ["python", "-m", "app"],
        "ports": {"containerPort": 8080},
        "resources": {
            "limits": {"cpu": "2", "memory": "1024Mi"},
            "cpuIdle": False,
            "startupCpuBoost": True,
        },
        "startupProbe": {
            "httpGet": {"path": "/able"},
            "periodSeconds": 5,
            "timeoutSeconds": 3,
            "failureThreshold": 19,
        },
        "livenessProbe": {
            "httpGet": {"path": "/alive"},
            "initialDelaySeconds": 30,
            "periodSeconds": 10,
            "timeoutSeconds": 5,
            "failureThreshold": 3,
        },
    }


def test_a_revision_is_of_the_second_generation_and_scales_as_asked() -> None:
    template = service("api").inputs["template"]
    kept = ("executionEnvironment", "timeout", "maxInstanceRequestConcurrency", "scaling")
    assert {key: template[key] for key in kept} == {
        "executionEnvironment": "EXECUTION_ENVIRONMENT_GEN2",
        "timeout": "120s",
        "maxInstanceRequestConcurrency": 40,
        "scaling": {"minInstanceCount": 3, "maxInstanceCount": 9, "cpuUtilization": 0.6},
    }


def test_a_hundred_instances_at_most_where_nothing_is_said() -> None:
    assert service("worker").inputs["template"]["scaling"] == {
        "minInstanceCount": 2,
        "maxInstanceCount": 100,
        "cpuUtilization": 0.7,
    }


def test_more_than_a_hundred_at_least_are_as_many_at_most() -> None:
    assert max_instances(Scaling(min_replicas=150)) == 150


def test_an_image_keeps_its_own_command_where_none_is_set() -> None:
    assert "args" not in container("worker")


def test_all_traffic_goes_to_the_newest_revision() -> None:
    assert service("api").inputs["traffics"] == [
        {"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 100}
    ]


def test_a_service_runs_under_an_account_of_its_own() -> None:
    accounts = {name: service(name).inputs["template"]["serviceAccount"] for name in ("api", "worker")}
    assert {email.split("-")[0] for email in accounts.values()} == {"api", "worker"}
    assert said()["Account", "api"].inputs["displayName"] == "Cloud Run service api"
    assert "Account api" in service("api").waits_for


@pytest.mark.parametrize(("name", "egress"), [("api", "ALL_TRAFFIC"), ("worker", "PRIVATE_RANGES_ONLY")])
def test_a_caller_sends_everything_through_the_network(name: str, egress: str) -> None:
    access = service(name).inputs["template"]["vpcAccess"]
    assert access["egress"] == egress
    assert len(access["networkInterfaces"]) == 1
    assert "Subnetwork network-subnet" in service(name).waits_for


@pytest.mark.parametrize(
    ("domain", "name", "ingress"),
    [
        (None, "api", "INGRESS_TRAFFIC_ALL"),
        (None, "worker", "INGRESS_TRAFFIC_INTERNAL_ONLY"),
        ("api.example.com", "api", "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"),
        ("api.example.com", "worker", "INGRESS_TRAFFIC_INTERNAL_ONLY"),
    ],
)
def test_a_service_is_reached_only_where_it_should_be(domain: str | None, name: str, ingress: str) -> None:
    assert service(name, domain).inputs["ingress"] == ingress


def test_only_those_let_in_by_name_may_invoke() -> None:
    granted = {
        member.name: (member.inputs["role"], member.inputs["member"].split("-")[0])
        for member in said().of_type("ServiceIamMember")
    }
    assert granted == {
        "api-invoked-by-allUsers": ("roles/run.invoker", "allUsers"),
        "worker-invoked-by-api": ("roles/run.invoker", "serviceAccount:api"),
    }
    assert {m.parent for m in said().of_type("ServiceIamMember") if m.name.startswith("worker")} == {
        "airfield:gcp:CloudRunService worker"
    }


def test_a_caller_is_told_where_its_callee_is() -> None:
    url = plain("api").pop("WORKER_URL")
    assert url.startswith("https://worker-")
    assert plain("api") == {"ENVIRONMENT": "staging", "LOG_LEVEL": "INFO", "WORKER_URL": url}
    assert plain("worker") == {"ENVIRONMENT": "staging"}
    assert "Service worker" in service("api").waits_for


def test_secrets_are_read_by_reference_to_one_version() -> None:
    references = {
        each["name"]: each["valueSource"]["secretKeyRef"]
        for each in container("api")["envs"]
        if "valueSource" in each
    }
    assert {name: reference["secret"].rpartition("-")[0] for name, reference in references.items()} == {
        "API_KEY": "API_KEY",
        "DATABASE_URL": "DATABASE_URL",
    }
    assert {reference["version"] for reference in references.values()} == {"1"}
    assert [secret.name for secret in said().of_type("secretmanager/secret:Secret")] == [
        "secrets-API_KEY",
        "secrets-DATABASE_URL",
    ]


def test_a_service_starts_only_when_it_may_read_its_secrets_and_no_other_may() -> None:
    assert {
        grant.name: (grant.inputs["role"], grant.inputs["member"].split("-")[0])
        for grant in said().of_type("SecretIamMember")
    } == {
        f"api-reads-{key}": ("roles/secretmanager.secretAccessor", "serviceAccount:api")
        for key in ("API_KEY", "DATABASE_URL")
    }
    assert service("api").waits_for >= {
        "SecretIamMember api-reads-API_KEY",
        "SecretIamMember api-reads-DATABASE_URL",
        "SecretVersion secrets-API_KEY",
    }


@pytest.mark.parametrize(("domain", "protected"), [(None, False), ("api.example.com", True)])
def test_a_service_of_production_cannot_be_deleted_by_mistake(domain: str | None, *, protected: bool) -> None:
    assert service("api", domain).inputs["deletionProtection"] is protected


def test_every_service_lies_in_the_stacks_region_and_carries_its_labels() -> None:
    assert {service(name).inputs["location"] for name in ("api", "worker")} == {"europe-west1"}
    provider = said()["pulumi:providers:gcp", "gcp"].inputs
    assert (provider["project"], provider["region"]) == ("acme", "europe-west1")
    assert provider["defaultLabels"] == '{"project": "airfield", "environment": "staging"}'


def test_nothing_is_made_before_its_api_is_enabled() -> None:
    enabled = said().of_type("projects/service:Service")
    assert {api.inputs["service"].removesuffix(".googleapis.com") for api in enabled} == {
        *("compute", "iam", "logging", "monitoring", "run", "secretmanager"),
        *("servicenetworking", "serviceusage"),
    }
    # A component's children do not wait for what it waits for; what a provider makes waits for the provider.
    assert said()["pulumi:providers:gcp", "gcp"].waits_for == {f"Service {api.name}" for api in enabled}
    made = [r for r in said().resources if r.type.startswith("gcp:") and r not in enabled]
    assert made
    assert all("pulumi:providers:gcp::gcp::" in resource.options["provider"] for resource in made)
    assert {api.inputs["disableOnDestroy"] for api in enabled} == {False}
