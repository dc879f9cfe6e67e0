"""The production stack on Kubernetes as one would write it by hand: resource after resource."""

# pyright: reportArgumentType=false
# Manifests are in the words of their YAML, which the SDK takes as well as its own.

import pulumi
import pulumi_kubernetes as k8s

IMAGE = "ghcr.io/acme/airfield@sha256:" + "0" * 64
NAMESPACE = "airfield"
DOMAIN = "api.example.com"

provider = k8s.Provider("kubernetes")
opts = pulumi.ResourceOptions(provider=provider)


def port_of(port: int, protocol: str = "TCP") -> dict[str, object]:
    return {"port": port, "protocol": protocol}


def namespace_named(name: str) -> dict[str, object]:
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}


namespace = k8s.core.v1.Namespace(
    "namespace",
    metadata={
        "name": NAMESPACE,
        "labels": {
            f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("audit", "enforce", "warn")
        },
    },
    opts=opts,
)
placed = pulumi.ResourceOptions(provider=provider, depends_on=[namespace])
k8s.networking.v1.NetworkPolicy(
    "namespace-deny-all",
    metadata={"name": "deny-all", "namespace": NAMESPACE},
    spec={"podSelector": {}, "policyTypes": ["Ingress", "Egress"]},
    opts=placed,
)

count = pulumi.Config().get_int("count") or 1
for name in ["api", *(f"api-{number}" for number in range(2, count + 1))]:
    own = {"app.kubernetes.io/name": name}
    labels = {**own, "app.kubernetes.io/part-of": "airfield", "app.kubernetes.io/managed-by": "pulumi"}
    meta = {"name": name, "namespace": NAMESPACE, "labels": labels}
    account = k8s.core.v1.ServiceAccount(
        f"{name}-account", metadata=meta, automount_service_account_token=False, opts=placed
    )
    config = k8s.core.v1.ConfigMap(
        f"{name}-environment",
        metadata=meta,
        data={"ENVIRONMENT": "production", "LOG_LEVEL": "INFO"},
        opts=placed,
    )
    callers = [
        {
            "from": [
                {
                    **namespace_named("monitoring"),
                    "podSelector": {"matchLabels": {"app.kubernetes.io/name": "prometheus"}},
                }
            ],
            "ports": [port_of(8000)],
        },
        {"from": [namespace_named("ingress-nginx")], "ports": [port_of(8000)]},
    ]
    k8s.networking.v1.NetworkPolicy(
        f"{name}-policy",
        metadata=meta,
        spec={
            "podSelector": {"matchLabels": own},
            "policyTypes": ["Ingress", "Egress"],
            "ingress": callers if name == "api" else callers[:1],
            "egress": [
                {"to": [namespace_named("kube-system")], "ports": [port_of(53, "UDP"), port_of(53)]},
                {
                    "to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.169.254/32"]}}],
                    "ports": [port_of(443)],
                },
            ],
        },
        opts=placed,
    )
    k8s.apps.v1.Deployment(
        name,
        metadata=meta,
        spec={
            "revisionHistoryLimit": 10,
            "selector": {"matchLabels": own},
            "strategy": {
                "type": "RollingUpdate",
                "rollingUpdate": {"maxUnavailable": 1, "maxSurge": 1},
            },
            "template": {
                "metadata": {
                    "labels": labels,
                    "annotations": {
                        "prometheus.io/scrape": "true",
                        "prometheus.io/port": "8000",
                        "prometheus.io/path": "/metrics",
                        "airfield/checksum": "0" * 64,
                    },
                },
                "spec": {
                    "serviceAccountName": name,
                    "automountServiceAccountToken": False,
                    "enableServiceLinks": False,
                    "nodeSelector": {"kubernetes.io/os": "linux"},
                    "terminationGracePeriodSeconds": 35,
                    "securityContext": {
                        "runAsNonRoot": True,
                        "runAsUser": 1000,
                        "runAsGroup": 1000,
                        "fsGroup": 2000,
                        "seccompProfile": {"type": "RuntimeDefault"},
                    },
                    "topologySpreadConstraints": [
                        {
                            "maxSkew": 1,
                            "topologyKey": key,
                            "whenUnsatisfiable": "ScheduleAnyway",
                            "labelSelector": {"matchLabels": own},
                        }
                        for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
                    ],
                    "volumes": [{"name": "tmp", "emptyDir": {}}],
                    "containers": [
                        {
                            "name": name,
                            "image": IMAGE,
                            "imagePullPolicy": "IfNotPresent",
                            "ports": [{"name": "http", "containerPort": 8000, "protocol": "TCP"}],
                            "envFrom": [{"configMapRef": {"name": name}}],
                            "resources": {
                                "requests": {"cpu": "1000m", "memory": "2048Mi"},
                                "limits": {"memory": "2048Mi"},
                            },
                            "securityContext": {
                                "allowPrivilegeEscalation": False,
                                "readOnlyRootFilesystem": True,
                                "capabilities": {"drop": ["ALL"]},
                            },
                            "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],  # noqa: S108
                            **{
                                f"{probe}Probe": {
                                    "httpGet": {"path": path, "port": "http"},
                                    "periodSeconds": 10,
                                    "timeoutSeconds": 5,
                                    "failureThreshold": 3,
                                }
                                for probe, path in (
                                    ("startup", "/ready"),
                                    ("readiness", "/ready"),
                                    ("liveness", "/health"),
                                )
                            },
                        }
                    ],
                },
            },
        },
        opts=pulumi.ResourceOptions(provider=provider, depends_on=[namespace, account, config]),
    )
    k8s.autoscaling.v2.HorizontalPodAutoscaler(
        f"{name}-autoscaler",
        metadata=meta,
        spec={
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": name},
            "minReplicas": 2,
            "maxReplicas": 10,
            "metrics": [
                {
                    "type": "Resource",
                    "resource": {
                        "name": resource,
                        "target": {"type": "Utilization", "averageUtilization": percent},
                    },
                }
                for resource, percent in (("cpu", 70), ("memory", 80))
            ],
            "behavior": {
                "scaleUp": {
                    "stabilizationWindowSeconds": 0,
                    "selectPolicy": "Max",
                    "policies": [
                        {"type": "Percent", "value": 100, "periodSeconds": 15},
                        {"type": "Pods", "value": 4, "periodSeconds": 15},
                    ],
                },
                "scaleDown": {
                    "stabilizationWindowSeconds": 300,
                    "policies": [{"type": "Percent", "value": 10, "periodSeconds": 60}],
                },
            },
        },
        opts=placed,
    )
    k8s.policy.v1.PodDisruptionBudget(
        f"{name}-budget",
        metadata=meta,
        spec={
            "maxUnavailable": 1,
            "unhealthyPodEvictionPolicy": "AlwaysAllow",
            "selector": {"matchLabels": own},
        },
        opts=placed,
    )
    k8s.core.v1.Service(
        f"{name}-service",
        metadata=meta,
        spec={
            "type": "ClusterIP",
            "selector": own,
            "ports": [{"name": "http", "port": 80, "targetPort": "http", "protocol": "TCP"}],
        },
        opts=placed,
    )

k8s.networking.v1.Ingress(
    "api-ingress",
    metadata={
        "name": "api",
        "namespace": NAMESPACE,
        "annotations": {
            "cert-manager.io/cluster-issuer": "letsencrypt-prod",
            "nginx.ingress.kubernetes.io/force-ssl-redirect": "true",
            "nginx.ingress.kubernetes.io/proxy-read-timeout": "300",
        },
    },
    spec={
        "ingressClassName": "nginx",
        "tls": [{"hosts": [DOMAIN], "secretName": "api-tls"}],
        "rules": [
            {
                "host": DOMAIN,
                "http": {
                    "paths": [
                        {
                            "path": "/",
                            "pathType": "Prefix",
                            "backend": {"service": {"name": "api", "port": {"number": 80}}},
                        }
                    ]
                },
            }
        ],
    },
    opts=placed,
)
k8s.networking.v1.NetworkPolicy(
    "api-certificate",
    metadata={"name": "api-certificate", "namespace": NAMESPACE},
    spec={
        "podSelector": {"matchLabels": {"acme.cert-manager.io/http01-solver": "true"}},
        "policyTypes": ["Ingress"],
        "ingress": [{"from": [namespace_named("ingress-nginx")], "ports": [port_of(8089)]}],
    },
    opts=placed,
)
