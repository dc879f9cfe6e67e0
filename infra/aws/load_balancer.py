"""The way in from the internet: an Application Load Balancer, with TLS where there is a domain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.aws.cdn import edge_addresses
from infra.aws.certificate import Certificate, CertificateArgs
from infra.aws.security_group import SecurityGroup
from infra.workload import Workload

TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"
"""TLS 1.3, and 1.2 with forward secrecy.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
"""
DEFAULT_IDLE_TIMEOUT_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBalancerArgs:
    """What a load balancer is made of."""

    workload: Workload
    """The workload behind it."""
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    """Public subnets."""
    domain: str | None
    """Its name, with TLS; None: plain HTTP on AWS's own name."""
    hosted_zone: str | None
    """Route 53 zone of the domain; None: the domain without its first label."""
    protected: bool
    """Whether AWS refuses to delete it."""
    behind_edge: bool
    """Whether CloudFront stands in front, and the domain leads there."""
    access_log_bucket: pulumi.Input[str]
    """Takes a line for each request."""


class LoadBalancer(pulumi.ComponentResource):
    """Meets the internet for one workload."""

    url: pulumi.Output[str]
    dns_name: pulumi.Output[str]
    certificate: Certificate | None
    target_group_arn: pulumi.Output[str]
    dimensions: Mapping[str, pulumi.Output[str]]
    """By which CloudWatch knows it and its targets."""
    security_group: SecurityGroup

    def __init__(self, name: str, args: LoadBalancerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:aws:LoadBalancer", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.security_group = SecurityGroup(
            f"{name}-balancer", args.vpc_id, f"Load balancer of {name}", opts=child
        )
        balancer = aws.lb.LoadBalancer(
            name,
            load_balancer_type="application",
            internal=False,
            security_groups=[self.security_group.id],
            subnets=args.subnet_ids,
            idle_timeout=max(DEFAULT_IDLE_TIMEOUT_SECONDS, args.workload.timeout_seconds),
            drop_invalid_header_fields=True,
            enable_deletion_protection=args.protected,
            access_logs=aws.lb.LoadBalancerAccessLogsArgs(enabled=True, bucket=args.access_log_bucket),
            opts=child,
        )
        targets = aws.lb.TargetGroup(
            name,
            target_type="ip",
            protocol="HTTP",
            port=args.workload.port,
            vpc_id=args.vpc_id,
            deregistration_delay=args.workload.drain_seconds,
            health_check=health_check(args.workload),
            opts=child,
        )
        self.target_group_arn = targets.arn
        self.dimensions = {"LoadBalancer": balancer.arn_suffix, "TargetGroup": targets.arn_suffix}
        self.dns_name, self.certificate = balancer.dns_name, None
        to_workload = forward(targets.arn)
        if args.domain is None:
            self.security_group.allow_from_anywhere(80)
            self._listener(name, balancer, 80, to_workload)
            self.url = pulumi.Output.concat("http://", balancer.dns_name)
        else:
            self._way_in(name, balancer, behind_edge=args.behind_edge)
            self.certificate = Certificate(
                name, CertificateArgs(domain=args.domain, hosted_zone=args.hosted_zone), opts=child
            )
            if not args.behind_edge:
                self.certificate.lead_to(balancer.dns_name, balancer.zone_id)
            self._listener(name, balancer, 443, to_workload, self.certificate.arn)
            self.url = pulumi.Output.from_input(f"https://{args.domain}")
        self.register_outputs({"url": self.url})

    def _way_in(self, name: str, balancer: aws.lb.LoadBalancer, *, behind_edge: bool) -> None:
        """From everywhere, sent to TLS; behind CloudFront from there alone, which sends to TLS itself."""
        if behind_edge:
            self.security_group.allow_from_list(edge_addresses(self), "edge", 443)
            return
        self.security_group.allow_from_anywhere(80)
        self.security_group.allow_from_anywhere(443)
        self._listener(f"{name}-redirect", balancer, 80, redirect_to_tls())

    def _listener(
        self,
        name: str,
        balancer: aws.lb.LoadBalancer,
        port: int,
        action: aws.lb.ListenerDefaultActionArgs,
        certificate_arn: pulumi.Input[str] | None = None,
    ) -> None:
        aws.lb.Listener(
            name,
            load_balancer_arn=balancer.arn,
            port=port,
            protocol="HTTPS" if certificate_arn else "HTTP",
            ssl_policy=TLS_POLICY if certificate_arn else None,
            certificate_arn=certificate_arn,
            default_actions=[action],
            opts=pulumi.ResourceOptions(parent=self),
        )


def health_check(workload: Workload) -> aws.lb.TargetGroupHealthCheckArgs:
    """Sends requests only to replicas that say they are ready."""
    return aws.lb.TargetGroupHealthCheckArgs(
        path=workload.health.readiness_path,
        matcher="200",
        interval=10,
        timeout=5,
        healthy_threshold=2,
        unhealthy_threshold=3,
    )


def forward(target_group_arn: pulumi.Input[str]) -> aws.lb.ListenerDefaultActionArgs:
    """Hands every request to the workload."""
    return aws.lb.ListenerDefaultActionArgs(type="forward", target_group_arn=target_group_arn)


def redirect_to_tls() -> aws.lb.ListenerDefaultActionArgs:
    """Sends plain HTTP to the same address with TLS, for good."""
    return aws.lb.ListenerDefaultActionArgs(
        type="redirect",
        redirect=aws.lb.ListenerDefaultActionRedirectArgs(
            protocol="HTTPS", port="443", status_code="HTTP_301"
        ),
    )
