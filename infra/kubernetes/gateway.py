"""The way in through a Gateway that somebody else runs, with its listeners and its certificate. Pure.

https://gateway-api.sigs.k8s.io/reference/spec/#httproute
"""

from dataclasses import dataclass

from infra.kubernetes.ingress import SERVICE_PORT
from infra.workload import Workload

API_VERSION = "gateway.networking.k8s.io/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayWayIn:
    """How the internet meets a workload by name, through a Gateway."""

    domain: str
    gateway: str
    gateway_namespace: str
    http_listener: str
    https_listener: str


def route(name: str, workload: Workload, way_in: GatewayWayIn) -> dict[str, object]:
    """Sends every path of the domain to the workload's Service, as it is, within the workload's time-out."""
    return {
        "parentRefs": [_listener(way_in, way_in.https_listener)],
        "hostnames": [way_in.domain],
        "rules": [
            {
                "matches": [{"path": {"type": "PathPrefix", "value": "/"}}],
                "backendRefs": [{"name": name, "port": SERVICE_PORT}],
                "timeouts": {"request": f"{workload.timeout_seconds}s"},
            }
        ],
    }


def redirect(way_in: GatewayWayIn) -> dict[str, object]:
    """Answers whoever comes without TLS with the same address with TLS."""
    tls = {"type": "RequestRedirect", "requestRedirect": {"scheme": "https", "statusCode": 301}}
    return {
        "parentRefs": [_listener(way_in, way_in.http_listener)],
        "hostnames": [way_in.domain],
        "rules": [{"filters": [tls]}],
    }


def _listener(way_in: GatewayWayIn, listener: str) -> dict[str, str]:
    return {"name": way_in.gateway, "namespace": way_in.gateway_namespace, "sectionName": listener}
