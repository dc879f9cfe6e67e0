"""The way in by name: a global load balancer with TLS before a Cloud Run service."""

from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from infra.gcp.rate_limit import rate_limit_rules


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeArgs:
    """What an edge is made of."""

    domain: str
    service_name: pulumi.Input[str]
    region: str
    dns_zone: str | None
    """Cloud DNS zone that gets the domain's address; None: somebody else points the name to it."""
    requests_a_minute: int
    """How many one address may make before it is told to wait."""


class Edge(pulumi.ComponentResource):
    """One address for the domain; plain HTTP is sent on to TLS."""

    url: pulumi.Output[str]
    address: pulumi.Output[str]

    def __init__(self, name: str, args: EdgeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:gcp:Edge", name, None, opts)
        self._name, self._child = name, pulumi.ResourceOptions(parent=self)
        self.address = gcp.compute.GlobalAddress(name, opts=self._child).address
        self._with_tls(args)
        self._redirect()
        if args.dns_zone:
            gcp.dns.RecordSet(
                name,
                managed_zone=args.dns_zone,
                name=f"{args.domain}.",
                type="A",
                ttl=300,
                rrdatas=[self.address],
                opts=self._child,
            )
        self.url = pulumi.Output.from_input(f"https://{args.domain}")
        self.register_outputs({"url": self.url, "address": self.address})

    def _with_tls(self, args: EdgeArgs) -> None:
        endpoints = gcp.compute.RegionNetworkEndpointGroup(
            self._name,
            network_endpoint_type="SERVERLESS",
            region=args.region,
            cloud_run=gcp.compute.RegionNetworkEndpointGroupCloudRunArgs(service=args.service_name),
            opts=self._child,
        )
        backend = gcp.compute.BackendService(
            self._name,
            load_balancing_scheme="EXTERNAL_MANAGED",
            backends=[gcp.compute.BackendServiceBackendArgs(group=endpoints.id)],
            security_policy=self._armor(args.requests_a_minute).id,
            log_config=gcp.compute.BackendServiceLogConfigArgs(enable=True, sample_rate=1),
            opts=self._child,
        )
        routes = gcp.compute.URLMap(self._name, default_service=backend.id, opts=self._child)
        certificate = gcp.compute.ManagedSslCertificate(
            self._name,
            managed=gcp.compute.ManagedSslCertificateManagedArgs(domains=[args.domain]),
            opts=self._child,
        )
        policy = gcp.compute.SSLPolicy(
            self._name, profile="MODERN", min_tls_version="TLS_1_2", opts=self._child
        )
        proxy = gcp.compute.TargetHttpsProxy(
            self._name,
            url_map=routes.id,
            ssl_certificates=[certificate.id],
            ssl_policy=policy.id,
            opts=self._child,
        )
        self._listen(self._name, proxy.id, 443)

    def _armor(self, requests_a_minute: int) -> gcp.compute.SecurityPolicy:
        return gcp.compute.SecurityPolicy(
            self._name, type="CLOUD_ARMOR", rules=rate_limit_rules(requests_a_minute), opts=self._child
        )

    def _redirect(self) -> None:
        name = f"{self._name}-redirect"
        to_tls = gcp.compute.URLMapDefaultUrlRedirectArgs(
            https_redirect=True, strip_query=False, redirect_response_code="MOVED_PERMANENTLY_DEFAULT"
        )
        routes = gcp.compute.URLMap(name, default_url_redirect=to_tls, opts=self._child)
        proxy = gcp.compute.TargetHttpProxy(name, url_map=routes.id, opts=self._child)
        self._listen(name, proxy.id, 80)

    def _listen(self, name: str, proxy_id: pulumi.Input[str], port: int) -> None:
        gcp.compute.GlobalForwardingRule(
            name,
            target=proxy_id,
            ip_address=self.address,
            port_range=str(port),
            load_balancing_scheme="EXTERNAL_MANAGED",
            opts=self._child,
        )
