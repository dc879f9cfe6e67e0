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


def ingress_annotations(workload: Workload, cluster_issuer: str, ingress_class: str) -> dict[str, str]:
    """The certificate's issuer; for ingress-nginx also the redirect to TLS and the workload's time-out.

    https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/
    """
    annotations = {"cert-manager.io/cluster-issuer": cluster_issuer}
    if ingress_class == "nginx":
        annotations |= {
            "nginx.ingress.kubernetes.io/force-ssl-redirect": "true",
            "nginx.ingress.kubernetes.io/proxy-read-timeout": str(workload.timeout_seconds),
        }
    return annotations
