from functools import cache
from typing import Any

import pytest

from infra.kubernetes.pod_template import resources
from infra.kubernetes.service import url_in_cluster, url_of_load_balancer
from infra.workload import Workload
from tests.synth import Synthesis, synthesise_config

LABELS = {
    "app.kubernetes.io/name": "api",
    "app.kubernetes.io/part-of": "airfield",
    "app.kubernetes.io/managed-by": "pulumi",
}
SELECTOR = {"matchLabels": {"app.kubernetes.io/name": "api"}}


@cache
def said(domain: str | None = None, ingress_class: str = "nginx") -> Synthesis:
    api: dict[str, object] = {
        "public": True,
        "port": 8080,
        "command": ["python", "-m", "app"],
        "cpuMillicores": 500,
        "cpuRequestMillicores": 100,
        "memoryMib": 512,
        "memoryRequestMib": 256,
        "timeoutSeconds": 120,
        "drainSeconds": 45,
        "scaling": {"minReplicas": 1, "maxReplicas": 4, "cpuPercent": 60, "memoryPercent": None},
        "health": {"livenessPath": "/alive", "readinessPath": "/able", "startSeconds": 91},
        "environment": {"LOG_LEVEL": "INFO"},
        "secrets": ["API_KEY"],
    }
    config: dict[str, object] = {
        "airfield:target": "kubernetes",
        "airfield:environment": "staging",
        "airfield:image": "ghcr.io/acme/airfield:1",
        "airfield:workloads": {"api": api, "quiet": {"metricsPath": None, "scaling": {"minReplicas": 20}}},
        "airfield:kubernetes": {
            "namespace": "shop",
            "ingressClass": ingress_class,
            "ingressNamespace": "edge",
            "clusterIssuer": "acme",
            "monitoringNamespace": "watch",
        },
        "airfield:secrets": {"API_KEY": "hush"},
    }
    return synthesise_config({**config, **({"airfield:domain": domain} if domain else {})})


def spec(kind: str, name: str, domain: str | None = None) -> dict[str, Any]:
    return said(domain)[kind, name].inputs["spec"]


def probe(path: str, **settings: int) -> dict[str, Any]:
    return {"httpGet": {"path": path, "port": "http"}, **settings}


def test_the_pod_template_in_full() -> None:
    template = spec("Deployment", "api")["template"]
    assert template["spec"] == {
        "serviceAccountName": "api",
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": 50,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 1000,
            "runAsGroup": 1000,
            "fsGroup": 2000,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "topologySpreadConstraints": [
            {
                "maxSkew": 1,
                "topologyKey": key,
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": SELECTOR,
            }
            for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
        ],
        "containers": [CONTAINER],
        "volumes": [{"name": "tmp", "emptyDir": {}}],
    }


CONTAINER: dict[str, Any] = {
    "name": "api",
    "image": "ghcr.io/acme/airfield:1",
    "args": ["python", "-m", "app"],
    "ports": [{"name": "http", "containerPort": 8080, "protocol": "TCP"}],
    "envFrom": [{"configMapRef": {"name": "api"}}],
    "env": [{"name": "API_KEY", "valueFrom": {"secretKeyRef": {"name": "api", "key": "API_KEY"}}}],
    "resources": {
        "requests": {"cpu": "100m", "memory": "256Mi"},
        "limits": {"cpu": "500m", "memory": "512Mi"},
    },
    "startupProbe": probe("/alive", periodSeconds=5, timeoutSeconds=5, failureThreshold=19),
    "livenessProbe": probe(
        "/alive", initialDelaySeconds=30, periodSeconds=10, timeoutSeconds=5, failureThreshold=3
    ),
    "readinessProbe": probe(
        "/able", initialDelaySeconds=5, periodSeconds=5, timeoutSeconds=3, failureThreshold=3
    ),
    "lifecycle": {"preStop": {"sleep": {"seconds": 5}}},
    "securityContext": {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    },
    "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],  # noqa: S108  the image's scratch
}


def test_a_pod_is_found_by_prometheus_unless_it_has_no_metrics() -> None:
    annotations = spec("Deployment", "api")["template"]["metadata"]["annotations"]
    assert {key: value for key, value in annotations.items() if key != "airfield/checksum"} == {
        "prometheus.io/scrape": "true",
        "prometheus.io/port": "8080",
        "prometheus.io/path": "/metrics",
    }
    quiet = spec("Deployment", "quiet")["template"]["metadata"]["annotations"]
    assert set(quiet) == {"airfield/checksum"}


def test_what_is_not_asked_for_is_all_set_aside_and_nothing_is_replaced() -> None:
    (container,) = spec("Deployment", "quiet")["template"]["spec"]["containers"]
    sizes = {"cpu": "500m", "memory": "512Mi"}
    assert container["resources"] == {"requests": sizes, "limits": sizes}
    assert {"args", "env"} & set(container) == set()


def test_limits_are_what_is_asked_for_whatever_is_set_aside() -> None:
    asked = Workload(cpu_millicores=900, memory_mib=700, cpu_request_millicores=300, memory_request_mib=200)
    found = resources(asked)
    assert (found.requests, found.limits) == (
        {"cpu": "300m", "memory": "200Mi"},
        {"cpu": "900m", "memory": "700Mi"},
    )


def test_pod_count_is_left_to_the_autoscaler() -> None:
    deployment = spec("Deployment", "api")
    assert {key: value for key, value in deployment.items() if key != "template"} == {
        "selector": SELECTOR,
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1, "maxSurge": 1}},
        "revisionHistoryLimit": 10,
    }


def test_a_deployment_waits_for_all_that_its_pods_need() -> None:
    assert said()["Deployment", "api"].waits_for == {
        "ServiceAccount api-account",
        "ConfigMap api-environment",
        "Secret api-secrets",
        "NetworkPolicy api-policy",
    }


def test_nothing_is_made_before_its_namespace() -> None:
    for workload in ("api", "quiet"):
        assert said()["KubernetesWorkload", workload].waits_for == {"Namespace namespace"}
    assert said()["NetworkPolicy", "namespace-deny-all"].parent == "kubernetes:core/v1:Namespace namespace"


def test_everything_else_is_a_child_of_its_workload_and_carries_its_labels() -> None:
    children = [r for r in said("api.example.com").resources if r.name.startswith("api")]
    objects = [r for r in children if r.type.startswith("kubernetes:")]
    assert {r.parent for r in objects} == {"airfield:kubernetes:KubernetesWorkload api"}
    assert all(r.inputs["metadata"]["labels"] == LABELS for r in objects)
    assert {r.inputs["metadata"]["name"] for r in objects} == {"api", "api-certificate"}
    assert len(objects) == 10


def test_nothing_enters_or_leaves_that_no_workload_asked_for() -> None:
    assert spec("NetworkPolicy", "namespace-deny-all") == {
        "podSelector": {},
        "policyTypes": ["Ingress", "Egress"],
    }


@pytest.mark.parametrize(("name", "range_"), [("api", (1, 4)), ("quiet", (20, 20))])
def test_pods_stay_between_least_and_most(name: str, range_: tuple[int, int]) -> None:
    scaler = spec("HorizontalPodAutoscaler", f"{name}-autoscaler")
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == range_


def test_memory_plays_no_part_in_scaling_where_it_is_null() -> None:
    cpu = {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 60}}
    assert spec("HorizontalPodAutoscaler", "api-autoscaler")["metrics"] == [
        {"type": "Resource", "resource": cpu}
    ]


def test_a_drain_takes_one_pod_at_a_time_and_is_never_blocked_by_sick_ones() -> None:
    assert spec("PodDisruptionBudget", "api-budget") == {
        "maxUnavailable": 1,
        "selector": SELECTOR,
        "unhealthyPodEvictionPolicy": "AlwaysAllow",
    }


@pytest.mark.parametrize(
    ("domain", "name", "kind"),
    [
        (None, "api", "LoadBalancer"),
        (None, "quiet", "ClusterIP"),
        ("api.example.com", "api", "ClusterIP"),
        ("api.example.com", "quiet", "ClusterIP"),
    ],
)
def test_a_service_has_a_balancer_only_where_it_is_met_without_a_domain(
    domain: str | None, name: str, kind: str
) -> None:
    assert spec("core/v1:Service", f"{name}-service", domain) == {
        "type": kind,
        "selector": {"app.kubernetes.io/name": name},
        "ports": [{"name": "http", "port": 80, "targetPort": "http", "protocol": "TCP"}],
    }


def test_with_a_domain_the_ingress_controller_leads_to_the_workload() -> None:
    domain = "api.example.com"
    backend = {"service": {"name": "api", "port": {"number": 80}}}
    assert spec("Ingress", "api-ingress", domain) == {
        "ingressClassName": "nginx",
        "tls": [{"hosts": [domain], "secretName": "api-tls"}],
        "rules": [
            {"host": domain, "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}
        ],
    }
    assert said(domain).outputs["url"] == "https://api.example.com"


@pytest.mark.parametrize(
    ("ingress_class", "annotations"),
    [
        (
            "nginx",
            {
                "cert-manager.io/cluster-issuer": "acme",
                "nginx.ingress.kubernetes.io/force-ssl-redirect": "true",
                "nginx.ingress.kubernetes.io/proxy-read-timeout": "120",
            },
        ),
        ("another", {"cert-manager.io/cluster-issuer": "acme"}),
    ],
)
def test_an_ingress_is_annotated_for_its_own_controller(
    ingress_class: str, annotations: dict[str, str]
) -> None:
    (made,) = said("api.example.com", ingress_class).of_type("Ingress")
    assert made.inputs["metadata"]["annotations"] == annotations
    assert made.inputs["spec"]["ingressClassName"] == ingress_class


def test_a_domain_is_proved_by_pods_that_the_ingress_controller_reaches() -> None:
    namespace = {"matchLabels": {"kubernetes.io/metadata.name": "edge"}}
    assert spec("NetworkPolicy", "api-certificate", "api.example.com") == {
        "podSelector": {"matchLabels": {"acme.cert-manager.io/http01-solver": "true"}},
        "policyTypes": ["Ingress"],
        "ingress": [
            {"from": [{"namespaceSelector": namespace}], "ports": [{"port": 8089, "protocol": "TCP"}]}
        ],
    }


def test_without_a_domain_the_balancers_address_is_the_endpoint() -> None:
    assert said().outputs["urls"] == {"api": "http://192.0.2.10"}
    assert said().of_type("Ingress") == []


def test_a_service_that_has_no_address_yet_has_no_url() -> None:
    assert url_of_load_balancer(None) is None
    assert url_in_cluster("orders", "shop") == "http://orders.shop.svc.cluster.local"
