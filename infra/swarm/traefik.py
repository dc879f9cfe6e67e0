"""What Traefik is told at its start, and in the file beside it. Pure.

https://doc.traefik.io/traefik/reference/install-configuration/configuration-options/
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from infra.swarm.names import STACK_LABEL
from infra.workload import Workload

HTTP, HTTPS, OWN = "http", "https", "own"
HTTP_PORT, HTTPS_PORT, OWN_PORT = 8080, 8443, 8082
"""In the container, above 1023: it does not run as root."""
RULES_PATH = "/etc/traefik/rules.yml"
ACME_PATH = "/acme"
DASHBOARD = "dashboard"
DASHBOARD_USERS = "dashboard-users"
"""Secret with who may see the dashboard."""
SOCKET_PORT = 2375
REFRESH_SECONDS = 2
"""How old its list of tasks may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acme:
    """Who signs certificates: https://doc.traefik.io/traefik/reference/install-configuration/tls/certificate-resolvers/acme/."""

    email: str | None
    directory: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What the edge listens on and how it is told of certificates."""

    entry_points: Mapping[str, int]
    """Ports of the container by entry point."""
    redirected_to: int = 443
    """Port of the node that plain HTTP is sent on to, where there is TLS."""
    acme: Acme | None = None
    certificate: tuple[str, str] | None = None
    """Paths of a certificate that is given, and of its key."""
    dashboard_domain: str | None = None

    @property
    def encrypted(self) -> bool:
        """Whether there is TLS, to which plain HTTP is sent on then."""
        return HTTPS in self.entry_points


def arguments(namespace: str, way: Way, socket_host: str) -> list[str]:
    """Everything that is settled before the first request."""
    return [
        "--global.checknewversion=false",
        "--global.sendanonymoususage=false",
        "--log.format=json",
        "--accesslog=true",
        "--accesslog.format=json",
        *(f"--entrypoints.{name}.address=:{port}" for name, port in way.entry_points.items()),
        *_redirection(way),
        f"--entrypoints.{OWN}.address=:{OWN_PORT}",
        "--ping=true",
        f"--ping.entrypoint={OWN}",
        "--metrics.prometheus=true",
        f"--metrics.prometheus.entrypoint={OWN}",
        "--metrics.prometheus.addrouterslabels=true",
        f"--providers.swarm.endpoint=tcp://{socket_host}:{SOCKET_PORT}",
        "--providers.swarm.exposedbydefault=false",
        f"--providers.swarm.refreshseconds={REFRESH_SECONDS}",
        f"--providers.swarm.constraints=Label(`{STACK_LABEL}`,`{namespace}`)",
        f"--providers.file.filename={RULES_PATH}",
        *_acme(way.acme),
        *(["--api.dashboard=true"] if way.dashboard_domain else []),
    ]


def check_command() -> tuple[str, ...]:
    """Asks it how it is."""
    own = f"--entrypoints.{OWN}.address=:{OWN_PORT}"
    return ("traefik", "healthcheck", "--ping=true", f"--ping.entrypoint={OWN}", own)


def rules(
    way: Way, workloads: Mapping[str, Workload], requests_per_minute: int, secrets_path: str
) -> dict[str, object]:
    """Middlewares, time-outs and certificates, for all services alike."""
    http: dict[str, object] = {
        "middlewares": {
            "rate-limit": rate_limit(requests_per_minute),
            "security-headers": {"headers": security_headers(way)},
            # Only requests that reached nobody: a task that has just gone is asked again elsewhere.
            "retry": {"retry": {"attempts": 3, "initialInterval": "100ms"}},
        },
        "serversTransports": {
            name: {"forwardingTimeouts": {"responseHeaderTimeout": f"{workload.timeout_seconds}s"}}
            for name, workload in workloads.items()
        },
    }
    if way.dashboard_domain:
        _add_dashboard(http, way, f"{secrets_path}/{DASHBOARD_USERS}")
    return {"http": http, **_tls(way)}


def rate_limit(requests_per_minute: int) -> dict[str, object]:
    """For each address; a burst of a sixth of a minute's allowance is let through at once."""
    average = {"average": requests_per_minute, "period": "1m", "burst": max(1, requests_per_minute // 6)}
    return {"rateLimit": average}


def security_headers(way: Way) -> dict[str, object]:
    """What browsers are told: https://owasp.org/www-project-secure-headers/."""
    headers: dict[str, object] = {
        "contentTypeNosniff": True,
        "frameDeny": True,
        "referrerPolicy": "no-referrer",
        "customResponseHeaders": {"Server": ""},
    }
    return {**headers, "stsSeconds": 31536000} if way.encrypted else headers


def _redirection(way: Way) -> list[str]:
    if not way.encrypted:
        return []
    to = f"--entrypoints.{HTTP}.http.redirections.entrypoint"
    return [f"{to}.to=:{way.redirected_to}", f"{to}.scheme=https"]


def _acme(acme: Acme | None) -> Iterator[str]:
    if acme:
        resolver = "--certificatesresolvers.acme.acme"
        yield f"{resolver}.caserver={acme.directory}"
        yield f"{resolver}.storage={ACME_PATH}/acme.json"
        yield f"{resolver}.httpchallenge.entrypoint={HTTP}"
        if acme.email:
            yield f"{resolver}.email={acme.email}"


def _tls(way: Way) -> dict[str, object]:
    if not way.encrypted:
        return {}
    options: dict[str, object] = {"options": {"default": {"minVersion": "VersionTLS12", "sniStrict": True}}}
    if way.certificate:
        certificate, key = way.certificate
        options["certificates"] = [{"certFile": certificate, "keyFile": key}]
    return {"tls": options}


def _add_dashboard(http: dict[str, object], way: Way, users_path: str) -> None:
    middlewares = http["middlewares"]
    assert isinstance(middlewares, dict)  # noqa: S101  made above
    middlewares["dashboard-users"] = {"basicAuth": {"usersFile": users_path}}
    tls: dict[str, object] = {"certResolver": "acme"} if way.acme else {}
    http["routers"] = {
        "dashboard": {
            "entryPoints": [HTTPS],
            "rule": f"Host(`{way.dashboard_domain}`)",
            "service": "api@internal",
            "middlewares": ["dashboard-users", "rate-limit", "security-headers"],
            "tls": tls,
        }
    }
