"""The edge lets in what is public, sees the Swarm through a proxy, and takes what it is told."""

import json
import subprocess
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.swarm.edge import ALLOWED
from tests.infra.swarm.example import container, everything, labels, members, said, service
from tests.synth import Synthesis

CERTIFICATE = {"certificateSecret": "CERTIFICATE", "certificateKeySecret": "CERTIFICATE_KEY"}
VALUES = {"CERTIFICATE": "pem", "CERTIFICATE_KEY": "pem"}


def rules(stack: Synthesis) -> Any:  # noqa: ANN401  YAML
    (config,) = [c for c in stack.of_type("ServiceConfig") if c.name.startswith("edge-")]
    return yaml.safe_load(b64decode(config.inputs["data"]))


def published(stack: Synthesis) -> dict[str, dict[int, int]]:
    """Ports of the node and of the container, by service."""
    return {
        each.name: {
            port["publishedPort"]: port["targetPort"] for port in each.inputs["endpointSpec"]["ports"]
        }
        for each in stack.of_type("index/service:Service")
        if "ports" in each.inputs["endpointSpec"]
    }


def test_the_edge_alone_is_met_from_outside() -> None:
    assert published(everything()) == {"edge": {80: 8080, 443: 8443}}
    modes = {port["publishMode"] for port in service(everything(), "edge")["endpointSpec"]["ports"]}
    assert modes == {"host"}


def test_without_a_domain_each_public_workload_has_a_port_of_its_own() -> None:
    stack = said(
        workloads={"api": {"public": True}, "shop": {"public": True}, "worker": {}},
        swarm={"httpPort": 8000, "address": "10.0.0.5"},
    )
    assert published(stack) == {"edge": {8000: 8080, 8001: 8090}}
    assert stack.outputs["urls"] == {"api": "http://10.0.0.5:8000", "shop": "http://10.0.0.5:8001"}
    assert labels(stack, "shop")["traefik.http.routers.shop.entrypoints"] == "shop"
    assert labels(stack, "shop")["traefik.http.routers.shop.rule"] == "PathPrefix(`/`)"


def test_without_a_public_workload_there_is_no_edge() -> None:
    stack = said(workloads={"worker": {}})
    assert {"edge", "socket"} & {each.name for each in stack.of_type("index/service:Service")} == set()
    assert stack.outputs["urls"] == {}


def test_plain_http_is_sent_on_to_tls_where_there_is_a_domain() -> None:
    stack = said(domain="api.example.com", swarm={"httpsPort": 8443})
    redirection = "--entrypoints.http.http.redirections.entrypoint"
    assert {f"{redirection}.to=:8443", f"{redirection}.scheme=https"} <= set(container(stack, "edge")["args"])
    assert stack.outputs["url"] == "https://api.example.com:8443"


def test_certificates_are_obtained_by_the_one_that_keeps_them() -> None:
    stack = everything()
    edge = service(stack, "edge")
    assert edge["mode"] == {"replicated": {"replicas": 1}}
    assert edge["taskSpec"]["placement"]["constraints"] == [
        "node.role==manager",
        "node.labels.airfield.edge==true",
    ]
    assert {"type": "volume", "source": "airfield_edge-certificates", "target": "/acme"} in container(
        stack, "edge"
    )["mounts"]
    acme = "--certificatesresolvers.acme.acme"
    assert {f"{acme}.httpchallenge.entrypoint=http", f"{acme}.email=ops@example.com"} <= set(
        container(stack, "edge")["args"]
    )


def test_a_given_certificate_is_a_secret_and_every_manager_answers() -> None:
    stack = said(domain="api.example.com", swarm=CERTIFICATE, secrets=VALUES)
    assert service(stack, "edge")["mode"] == {"global": True}
    assert service(stack, "edge")["taskSpec"]["placement"]["constraints"] == ["node.role==manager"]
    assert rules(stack)["tls"]["certificates"] == [
        {"certFile": "/run/secrets/CERTIFICATE", "keyFile": "/run/secrets/CERTIFICATE_KEY"}
    ]
    assert "traefik.http.routers.api.tls.certresolver" not in labels(stack, "api")
    assert "acme" not in json.dumps(container(stack, "edge"))


def test_what_faces_the_internet_has_no_socket_and_what_has_it_is_met_by_the_edge_alone() -> None:
    stack = everything()
    socket = {
        each.name
        for each in stack.of_type("index/service:Service")
        if "docker.sock" in json.dumps(each.inputs["taskSpec"]["containerSpec"].get("mounts", []))
    }
    assert socket == {"cadvisor", "socket"}
    assert not {name for name, on_it in members(stack).items() if {"cadvisor", "edge"} <= {*on_it}}
    assert [name for name, on_it in members(stack).items() if "socket" in on_it] == ["edge-to-socket"]
    assert members(stack)["edge-to-socket"] == ["edge", "socket"]
    assert {mount["readOnly"] for mount in container(stack, "socket")["mounts"]} == {True}
    assert f"-allowGET={ALLOWED}" in container(stack, "socket")["args"]
    assert not [argument for argument in container(stack, "socket")["args"] if "POST" in argument]


def test_every_network_but_a_way_out_is_internal_and_all_are_encrypted() -> None:
    networks = everything().of_type("index/network:Network")
    outside = {each.name for each in networks if not each.inputs["internal"]}
    assert {"networks-api", "networks-worker", "networks-edge"} <= outside
    assert not [name for name in outside if "-to-" in name]
    assert {json.dumps(each.inputs["options"]) for each in networks} == {'{"encrypted": "true"}'}
    plain = said(swarm={"encryptedNetworks": False}).of_type("index/network:Network")
    assert {json.dumps(each.inputs.get("options", {})) for each in plain} == {"{}"}


def test_what_one_address_may_ask_is_limited_and_browsers_are_told_to_be_careful() -> None:
    middlewares = rules(said(domain="a.example.com", swarm={"requestsPerMinute": 120}))["http"]["middlewares"]
    assert middlewares == {
        "rate-limit": {"rateLimit": {"average": 120, "period": "1m", "burst": 20}},
        "security-headers": {
            "headers": {
                "contentTypeNosniff": True,
                "frameDeny": True,
                "referrerPolicy": "no-referrer",
                "customResponseHeaders": {"Server": ""},
                "stsSeconds": 31536000,
            }
        },
        "retry": {"retry": {"attempts": 3, "initialInterval": "100ms"}},
    }


def test_a_response_begins_within_the_workloads_time() -> None:
    assert rules(everything())["http"]["serversTransports"] == {
        "api": {"forwardingTimeouts": {"responseHeaderTimeout": "20s"}}
    }


def test_the_dashboard_is_off_unless_asked_for_and_then_needs_a_password() -> None:
    off = said()
    assert "--api.dashboard=true" not in container(off, "edge")["args"]
    assert "dashboard" not in json.dumps(rules(off))
    router = rules(everything())["http"]["routers"]["dashboard"]
    assert router["rule"] == "Host(`traefik.example.com`)"
    assert router["middlewares"][0] == "dashboard-users"
    users = rules(everything())["http"]["middlewares"]["dashboard-users"]
    assert users == {"basicAuth": {"usersFile": "/run/secrets/dashboard-users"}}


@pytest.mark.parametrize("domain", ["api.example.com", None])
def test_traefik_takes_every_argument(tmp_path: Path, domain: str | None) -> None:
    """Its health check reads all of them, refuses what it does not know, and then finds nobody to ask."""
    stack = everything() if domain else said()
    arguments = container(stack, "edge")["args"]
    program = Path(sys.executable).with_name("traefik")
    known = subprocess.run(
        [program, "healthcheck", *arguments], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    unknown = subprocess.run(
        [program, "healthcheck", *arguments, "--entrypoints.http.adress=:1"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert "connection refused" in known.stdout + known.stderr
    assert "field not found" in unknown.stdout + unknown.stderr
