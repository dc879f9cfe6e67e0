"""PostgreSQL by the operator CloudNativePG: a primary, and standbys that take over by themselves. Pure.

https://cloudnative-pg.io/documentation/current/cloudnative-pg.v1/
"""

from collections.abc import Iterable

from pulumi_kubernetes.meta.v1 import LabelSelectorArgs
from pulumi_kubernetes.networking import v1 as networking

from infra.datastores import PORT, Postgres
from infra.kubernetes.network_policy import in_namespace, pods, tcp, to_dns, to_kubernetes_api
from infra.pinned_images import POSTGRES
from infra.postgres_server import OWNER

API_VERSION = "postgresql.cnpg.io/v1"
OPERATOR_NAMESPACE = "cnpg-system"
STATUS_PORT = 8000
"""Where the operator, and the other instances, ask an instance how it is."""


def image(postgres: Postgres) -> str:
    """The operator's own image of the release that the official one has."""
    release = POSTGRES[postgres.version].partition(":")[2].partition("-")[0]
    return f"ghcr.io/cloudnative-pg/postgresql:{release}-standard-trixie"


def cluster(name: str, postgres: Postgres, storage_class: str | None) -> dict[str, object]:
    """The `spec` of a Cluster whose owner's Secret carries its name."""
    storage: dict[str, object] = {"size": f"{postgres.storage_gib}Gi", "resizeInUseVolumes": True}
    return {
        "instances": 3 if postgres.highly_available else 1,
        "imageName": image(postgres),
        "bootstrap": {
            "initdb": {
                "database": OWNER,
                "owner": OWNER,
                "secret": {"name": name},
                "dataChecksums": True,
                "localeProvider": "icu",
                "icuLocale": "und",
            }
        },
        "storage": storage | ({"storageClass": storage_class} if storage_class else {}),
        "affinity": {
            "enablePodAntiAffinity": True,
            "topologyKey": "topology.kubernetes.io/zone",
            "podAntiAffinityType": "preferred",
            "nodeSelector": {"kubernetes.io/os": "linux"},
        },
        "resources": {
            "requests": {"cpu": "250m", "memory": "512Mi"},
            "limits": {"cpu": "1000m", "memory": "1024Mi"},
        },
        "postgresql": {"parameters": {"shared_buffers": "256MB"}},
        "primaryUpdateStrategy": "unsupervised",
    }


def instances(name: str) -> dict[str, str]:
    """The label that the operator puts on a cluster's pods."""
    return {"cnpg.io/cluster": name}


def policy(name: str, clients: Iterable[str]) -> networking.NetworkPolicySpecArgs:
    """Instances are met by the clients, by each other and by the operator; they report to the API server."""
    own = networking.NetworkPolicyPeerArgs(pod_selector=LabelSelectorArgs(match_labels=instances(name)))
    both = [tcp(PORT["postgres"]), tcp(STATUS_PORT)]
    return networking.NetworkPolicySpecArgs(
        pod_selector=LabelSelectorArgs(match_labels=instances(name)),
        policy_types=["Ingress", "Egress"],
        ingress=[
            networking.NetworkPolicyIngressRuleArgs(
                from_=[pods(client) for client in clients], ports=[tcp(PORT["postgres"])]
            ),
            networking.NetworkPolicyIngressRuleArgs(
                from_=[own, in_namespace(OPERATOR_NAMESPACE)], ports=both
            ),
        ],
        egress=[
            to_dns(),
            to_kubernetes_api(),
            networking.NetworkPolicyEgressRuleArgs(to=[own], ports=both),
        ],
    )
