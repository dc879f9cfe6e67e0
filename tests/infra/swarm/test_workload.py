"""A workload is one service: hardened, replaced without a gap, taken back when it fails."""

import pytest

from tests.infra.swarm.example import container, everything, identity, labels, said, service

ASKED = "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=4)"


def test_the_whole_container_of_a_workload() -> None:
    stack = everything()
    (secret,) = stack.of_type("secret:Secret")[:1]
    assert container(stack, "api") == {
        "image": "ghcr.io/acme/airfield@sha256:" + "0" * 64,
        "args": ["python", "-m", "app", "serve"],
        "env": {
            "API_KEY_FILE": "/run/secrets/API_KEY",
            "ENVIRONMENT": "production",
            "LOG_LEVEL": "INFO",
            "WORKER_URL": "http://worker:8001",
        },
        "user": "1000:1000",
        "readOnly": True,
        "init": True,
        "capDrops": ["ALL"],
        "labels": [{"label": "com.docker.stack.namespace", "value": "airfield"}],
        "mounts": [{"type": "tmpfs", "target": "/tmp"}],  # noqa: S108  in the container
        "secrets": [
            {
                "secretId": identity(secret),
                "secretName": secret.inputs["name"],
                "fileName": "/run/secrets/API_KEY",
                "fileUid": "1000",
                "fileGid": "1000",
                "fileMode": 0o400,
            }
        ],
        "healthcheck": {
            "tests": ["CMD", "python", "-c", ASKED],
            "interval": "10s",
            "timeout": "5s",
            "retries": 3,
            "startPeriod": "40s",
        },
        "stopGracePeriod": "15s",
    }


def test_a_container_has_its_limits_and_a_node_sets_aside_what_is_asked_for() -> None:
    assert service(everything(), "api")["taskSpec"]["resources"] == {
        "limits": {"nanoCpus": 1_000_000_000, "memoryBytes": 2048 * 1024 * 1024},
        "reservation": {"nanoCpus": 250_000_000, "memoryBytes": 1024 * 1024 * 1024},
    }


def test_a_new_task_answers_before_an_old_one_goes_and_a_failing_one_takes_all_back() -> None:
    api = service(everything(), "api")
    assert api["mode"] == {"replicated": {"replicas": 3}}
    assert api["updateConfig"] == {
        "parallelism": 1,
        "delay": "0s",
        "order": "start-first",
        "failureAction": "rollback",
        "monitor": "45s",
        "maxFailureRatio": "0.0",
    }
    assert api["rollbackConfig"] == {**api["updateConfig"], "failureAction": "pause"}
    restart = api["taskSpec"]["restartPolicy"]
    assert restart == {"condition": "any", "delay": "2s", "maxAttempts": 0, "window": "0s"}


def test_a_deployment_waits_as_long_as_all_tasks_may_take() -> None:
    started, noticed, stopped, watched, beside = 40, 45, 15, 45, 60
    timeout = 3 * (started + noticed + stopped) + watched + beside
    assert service(everything(), "api")["convergeConfig"] == {"delay": "5s", "timeout": f"{timeout}s"}


def test_tasks_are_spread_and_met_by_their_own_addresses_and_a_short_name() -> None:
    api = service(everything(), "api")
    assert api["name"] == "airfield_api"
    assert api["taskSpec"]["placement"] == {"prefs": ["node.labels.zone"]}
    assert api["endpointSpec"] == {"mode": "dnsrr"}
    assert {tuple(each["aliases"]) for each in api["taskSpec"]["networksAdvanceds"]} == {("api",)}


def test_logs_are_bounded_and_say_whose_they_are() -> None:
    driver = service(everything(), "api")["taskSpec"]["logDriver"]
    assert driver["name"] == "json-file"
    assert (driver["options"]["max-size"], driver["options"]["max-file"]) == ("10m", "3")
    assert "com.docker.swarm.service.name" in driver["options"]["labels"].split(",")


def test_the_edge_asks_on_the_port_and_the_path_that_are_said() -> None:
    asked = {"public": True, "port": 9000, "health": {"readinessPath": "/able"}}
    found = labels(said(workloads={"api": asked}), "api")
    server = "traefik.http.services.api.loadbalancer"
    assert found[f"{server}.server.port"] == "9000"
    assert found[f"{server}.healthcheck.path"] == "/able"


def test_a_public_workload_tells_the_edge_who_may_reach_it() -> None:
    assert labels(everything(), "api") == {
        "com.docker.stack.namespace": "airfield",
        "traefik.enable": "true",
        "traefik.swarm.network": "airfield_edge-to-api",
        "traefik.http.routers.api.entrypoints": "https",
        "traefik.http.routers.api.rule": "Host(`api.example.com`)",
        "traefik.http.routers.api.service": "api",
        "traefik.http.routers.api.tls": "true",
        "traefik.http.routers.api.tls.certresolver": "acme",
        "traefik.http.routers.api.middlewares": "rate-limit@file,security-headers@file,retry@file",
        "traefik.http.services.api.loadbalancer.server.port": "8000",
        "traefik.http.services.api.loadbalancer.serverstransport": "api@file",
        "traefik.http.services.api.loadbalancer.healthcheck.path": "/ready",
        "traefik.http.services.api.loadbalancer.healthcheck.interval": "1s",
        "traefik.http.services.api.loadbalancer.healthcheck.timeout": "3s",
    }


def test_a_private_workload_says_nothing_to_the_edge_and_opens_no_port() -> None:
    assert labels(everything(), "worker") == {"com.docker.stack.namespace": "airfield"}
    assert "ports" not in service(everything(), "worker")["endpointSpec"]


@pytest.mark.parametrize(("replicas", "given"), [(1, {"minReplicas": 1}), (2, {})])
def test_as_many_tasks_run_as_there_are_replicas_at_least(replicas: int, given: dict[str, int]) -> None:
    stack = said(workloads={"api": {"scaling": given}})
    assert service(stack, "api")["mode"] == {"replicated": {"replicas": replicas}}
