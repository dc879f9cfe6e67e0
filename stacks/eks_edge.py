"""Which way leads a domain into a cluster on EKS. Knows nothing of what runs inside."""

from collections.abc import Mapping

import pulumi

from infra.aws.cdn import edge_addresses
from infra.aws.certificate import Certificate, CertificateArgs
from infra.aws.eks_habits import balancer_class, balancer_zone_id
from stacks import aws_foundation as foundation
from stacks.stack_file import Settings


def certificates(settings: Settings, opts: pulumi.ResourceOptions) -> dict[str, Certificate]:
    """The domain's, by the one public workload, where the class alb leads to that; else none."""
    if not settings.domain or not settings.kubernetes.is_balanced:
        return {}
    (name,) = (name for name, workload in settings.workloads.items() if workload.public)
    args = CertificateArgs(domain=settings.domain, hosted_zone=settings.aws.hosted_zone)
    return {name: Certificate("domain", args, opts)}


def balancer_classes(
    settings: Settings, certificates: Mapping[str, Certificate], inside: pulumi.ResourceOptions
) -> list[pulumi.Resource]:
    """The class alb with that certificate; open to CloudFront alone, where that stands in front."""
    return [
        balancer_class(certificate.arn, [edge_addresses(certificate)] if settings.aws.cdn else [], inside)
        for certificate in certificates.values()
    ]


def lead_in(
    settings: Settings,
    certificates: Mapping[str, Certificate],
    balancer_hosts: Mapping[str, pulumi.Output[str]],
    opts: pulumi.ResourceOptions,
) -> None:
    """The domain leads to CloudFront where that is asked for, else to the cluster's own load balancer."""
    for name, certificate in certificates.items():
        if settings.aws.cdn:
            foundation.cdn(settings, settings.aws.cdn, certificate, balancer_hosts[name], opts)
        else:
            certificate.lead_to(balancer_hosts[name], balancer_zone_id(certificate))
