"""What Traefik is told beside an Ingress, in the words of its own Middleware. Pure.

https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/crd/http/middleware/
"""

from collections.abc import Iterable

API_VERSION = "traefik.io/v1alpha1"


def middlewares(name: str, requests_per_minute: int | None) -> dict[str, dict[str, object]]:
    """The `spec` of each by its name: they redirect to TLS, and bound what one address may ask."""
    redirect: dict[str, object] = {"redirectScheme": {"scheme": "https", "permanent": True}}
    rate: dict[str, object] = {
        "rateLimit": {"average": requests_per_minute, "period": "1m", "burst": requests_per_minute}
    }
    return {f"{name}-redirect": redirect, **({f"{name}-rate": rate} if requests_per_minute else {})}


def annotations(namespace: str, names: Iterable[str]) -> dict[str, str]:
    """Sends what an Ingress takes through these, in their order."""
    through = ",".join(f"{namespace}-{name}@kubernetescrd" for name in names)
    return {"traefik.ingress.kubernetes.io/router.middlewares": through} if through else {}
