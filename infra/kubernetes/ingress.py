"""The way in from the internet, by name and with TLS. Pure."""

from pulumi_kubernetes.networking import v1 as networking

from infra.workload import Workload

SERVICE_PORT = 80
BALANCER_CLASSES = ("alb",)
"""Classes that are no pods but a cloud's load balancer, with a certificate of that cloud.

https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/cert_discovery/
"""


def ingress(name: str, domain: str, ingress_class: str) -> networking.IngressSpecArgs:
    """Sends every path of `domain` to the workload's Service, as it is."""
    backend = networking.IngressBackendArgs(
        service=networking.IngressServiceBackendArgs(
            name=name, port=networking.ServiceBackendPortArgs(number=SERVICE_PORT)
        )
    )
    secret = None if ingress_class in BALANCER_CLASSES else f"{name}-tls"
    path = networking.HTTPIngressPathArgs(path="/", path_type="Prefix", backend=backend)
    return networking.IngressSpecArgs(
        ingress_class_name=ingress_class,
        tls=[networking.IngressTLSArgs(hosts=[domain], secret_name=secret)],
        rules=[
            networking.IngressRuleArgs(host=domain, http=networking.HTTPIngressRuleValueArgs(paths=[path]))
        ],
    )


def host_of_load_balancer(status: networking.outputs.IngressStatus | None) -> str:
    """The name that a cloud gave the load balancer; empty while, or where, there is none."""
    balancer = status.load_balancer if status else None
    (entry, *_) = (balancer.ingress if balancer else None) or [None]
    return (entry.hostname if entry else None) or ""


def ingress_annotations(
    workload: Workload,
    cluster_issuer: str,
    ingress_class: str,
    requests_per_minute: int | None = None,
    *,
    behind_edge: bool = False,
) -> dict[str, str]:
    """The certificate's issuer, and in the words of a class that is known here what else it is asked for.

    That is the redirect to TLS, the workload's time-out, and how many requests one address may send a minute.

    https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/,
    https://www.haproxy.com/documentation/kubernetes-ingress/community/configuration-reference/ingress/,
    https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/
    """
    match ingress_class:
        case "nginx":
            words, rate = (
                _nginx(workload),
                {"nginx.ingress.kubernetes.io/limit-rpm": str(requests_per_minute)},
            )
        case "haproxy":
            words, rate = _haproxy(workload), _haproxy_rate(requests_per_minute)
        case "alb":
            return _load_balancer(workload, behind_edge=behind_edge)
        case _:
            words, rate = {}, {}
    return {
        "cert-manager.io/cluster-issuer": cluster_issuer,
        **words,
        **(rate if requests_per_minute else {}),
    }


def _nginx(workload: Workload) -> dict[str, str]:
    prefix = "nginx.ingress.kubernetes.io"
    return {
        f"{prefix}/force-ssl-redirect": "true",
        f"{prefix}/proxy-read-timeout": str(workload.timeout_seconds),
    }


def _haproxy(workload: Workload) -> dict[str, str]:
    return {
        "haproxy.org/ssl-redirect": "true",
        "haproxy.org/timeout-server": f"{workload.timeout_seconds}s",
    }


def _haproxy_rate(requests_per_minute: int | None) -> dict[str, str]:
    return {
        "haproxy.org/rate-limit-period": "1m",
        "haproxy.org/rate-limit-requests": str(requests_per_minute),
    }


def _load_balancer(workload: Workload, *, behind_edge: bool) -> dict[str, str]:
    """Behind an edge it listens with TLS alone, since the edge redirects.

    Another port would not fit: CloudFront's list counts as 55 rules for each, of 60 in a security group.

    https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html#aws-managed-prefix-list-weights
    """
    prefix = "alb.ingress.kubernetes.io"
    listening = (
        {f"{prefix}/listen-ports": '[{"HTTPS": 443}]'}
        if behind_edge
        else {
            f"{prefix}/listen-ports": '[{"HTTP": 80}, {"HTTPS": 443}]',
            f"{prefix}/ssl-redirect": "443",
        }
    )
    return {
        f"{prefix}/scheme": "internet-facing",
        f"{prefix}/target-type": "ip",
        **listening,
        f"{prefix}/healthcheck-path": workload.health.readiness_path,
        f"{prefix}/load-balancer-attributes": "routing.http.drop_invalid_header_fields.enabled=true,"
        f"idle_timeout.timeout_seconds={workload.timeout_seconds}",
    }
