"""The way in from the internet, by name and with TLS. Pure."""

from pulumi_kubernetes.networking import v1 as networking

from infra.workload import Workload

SERVICE_PORT = 80


def ingress(name: str, domain: str, ingress_class: str) -> networking.IngressSpecArgs:
    """Sends every path of `domain` to the workload's Service, as it is."""
    backend = networking.IngressBackendArgs(
        service=networking.IngressServiceBackendArgs(
            name=name, port=networking.ServiceBackendPortArgs(number=SERVICE_PORT)
        )
    )
    path = networking.HTTPIngressPathArgs(path="/", path_type="Prefix", backend=backend)
    return networking.IngressSpecArgs(
        ingress_class_name=ingress_class,
        tls=[networking.IngressTLSArgs(hosts=[domain], secret_name=f"{name}-tls")],
        rules=[
            networking.IngressRuleArgs(host=domain, http=networking.HTTPIngressRuleValueArgs(paths=[path]))
        ],
    )


def ingress_annotations(
    workload: Workload, cluster_issuer: str, ingress_class: str, requests_per_minute: int | None = None
) -> dict[str, str]:
    """The certificate's issuer, and in the words of a class that is known here what else it is asked for.

    That is the redirect to TLS, the workload's time-out, and how many requests one address may send a minute.

    https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/,
    https://www.haproxy.com/documentation/kubernetes-ingress/community/configuration-reference/ingress/
    """
    annotations = {"cert-manager.io/cluster-issuer": cluster_issuer}
    match ingress_class:
        case "nginx":
            prefix = "nginx.ingress.kubernetes.io"
            annotations |= {
                f"{prefix}/force-ssl-redirect": "true",
                f"{prefix}/proxy-read-timeout": str(workload.timeout_seconds),
            }
            rate = {f"{prefix}/limit-rpm": str(requests_per_minute)}
        case "haproxy":
            annotations |= {
                "haproxy.org/ssl-redirect": "true",
                "haproxy.org/timeout-server": f"{workload.timeout_seconds}s",
            }
            rate = {
                "haproxy.org/rate-limit-period": "1m",
                "haproxy.org/rate-limit-requests": str(requests_per_minute),
            }
        case _:
            rate = {}
    return annotations | (rate if requests_per_minute else {})
