"""The edge: CloudFront in front of the load balancer and of the static files."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.aws.bucket import PrivateBucket, PrivateBucketArgs
from infra.aws.edge_timeout import MAX_ORIGIN_SECONDS
from infra.aws.firewall import firewall

COMPONENT = "airfield:aws:Cdn"
ROLE = "edge"
"""The logical name of the one that a stack has."""
GLOBAL_REGION = "us-east-1"
"""Where CloudFront looks for certificates and firewalls.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
"""
PREFIX_LIST = "com.amazonaws.global.cloudfront.origin-facing"
"""https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/LocationsOfEdgeServers.html"""
TLS_POLICY = "TLSv1.2_2021"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
"""https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html"""
ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
"""Hands on the Host header too, by which the load balancer's certificate is checked.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
"""
SECURITY_HEADERS = "67f7725c-6f97-4210-82d7-5512b31e9d03"
"""https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html"""
OLD_VERSION_DAYS = 30
READING = ["GET", "HEAD"]
EVERYTHING = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CdnArgs:
    """What an edge is made of."""

    domain: str
    zone_id: pulumi.Input[str]
    certificate_arn: pulumi.Input[str]
    """In the global region."""
    balancer_dns_name: pulumi.Input[str]
    balancer_address: pulumi.Alias
    """The record that led the domain there before this edge stood in front: it is led here, not made anew."""
    timeout_seconds: int
    static_path: str
    firewall: bool
    protected: bool


class Cdn(pulumi.ComponentResource):
    """Answers static files from nearby, and passes everything else on uncached."""

    static_bucket: PrivateBucket

    def __init__(self, name: str, args: CdnArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(COMPONENT, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.static_bucket = PrivateBucket(
            "static",
            PrivateBucketArgs(old_version_days=OLD_VERSION_DAYS, protected=args.protected, statements=None),
            child,
        )
        access = aws.cloudfront.OriginAccessControl(
            name,
            origin_access_control_origin_type="s3",
            signing_behavior="always",
            signing_protocol="sigv4",
            opts=child,
        )
        distribution = aws.cloudfront.Distribution(
            name,
            enabled=True,
            comment=args.domain,
            aliases=[args.domain],
            http_version="http2and3",
            is_ipv6_enabled=True,
            origins=[balancer_origin(args), static_origin(self.static_bucket, access)],
            default_cache_behavior=to_balancer(),
            ordered_cache_behaviors=[to_static(args.static_path)],
            viewer_certificate=aws.cloudfront.DistributionViewerCertificateArgs(
                acm_certificate_arn=args.certificate_arn,
                minimum_protocol_version=TLS_POLICY,
                ssl_support_method="sni-only",
            ),
            restrictions=aws.cloudfront.DistributionRestrictionsArgs(
                geo_restriction=aws.cloudfront.DistributionRestrictionsGeoRestrictionArgs(
                    restriction_type="none"
                )
            ),
            web_acl_id=firewall(name, GLOBAL_REGION, child).arn if args.firewall else None,
            opts=child,
        )
        self.static_bucket.guard(read_by_edge(self.static_bucket.arn, distribution.arn))
        for kind, before in (("A", [args.balancer_address]), ("AAAA", [])):
            aws.route53.Record(
                f"{name}-{kind.lower()}",
                zone_id=args.zone_id,
                name=args.domain,
                type=kind,
                aliases=[
                    aws.route53.RecordAliasArgs(
                        name=distribution.domain_name,
                        zone_id=distribution.hosted_zone_id,
                        evaluate_target_health=False,
                    )
                ],
                opts=pulumi.ResourceOptions(parent=self, aliases=before),
            )
        self.register_outputs({})


def edge_address() -> pulumi.Alias:
    """What leads a domain to CloudFront, for whoever takes its place."""
    return pulumi.Alias(name=f"{ROLE}-a", parent=pulumi.create_urn(ROLE, COMPONENT))


def edge_addresses(asked_by: pulumi.Resource) -> pulumi.Output[str]:
    """The list of addresses that CloudFront comes from, which AWS keeps; asked with the asker's provider."""
    found = aws.ec2.get_managed_prefix_list_output(
        name=PREFIX_LIST, opts=pulumi.InvokeOptions(parent=asked_by)
    )
    return found.id


def read_by_edge(bucket_arn: pulumi.Input[str], distribution_arn: pulumi.Input[str]) -> dict[str, object]:
    """Lets this distribution read the files, and nobody else.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
    """
    return {
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": pulumi.Output.concat(bucket_arn, "/*"),
        "Condition": {"StringEquals": {"aws:SourceArn": distribution_arn}},
    }


def balancer_origin(args: CdnArgs) -> aws.cloudfront.DistributionOriginArgs:
    """The load balancer, over TLS."""
    return aws.cloudfront.DistributionOriginArgs(
        origin_id="balancer",
        domain_name=args.balancer_dns_name,
        custom_origin_config=aws.cloudfront.DistributionOriginCustomOriginConfigArgs(
            http_port=80,
            https_port=443,
            origin_protocol_policy="https-only",
            origin_ssl_protocols=["TLSv1.2"],
            origin_read_timeout=min(args.timeout_seconds, MAX_ORIGIN_SECONDS),
        ),
    )


def static_origin(
    bucket: PrivateBucket, access: aws.cloudfront.OriginAccessControl
) -> aws.cloudfront.DistributionOriginArgs:
    """The bucket, with a signature that its policy asks for."""
    return aws.cloudfront.DistributionOriginArgs(
        origin_id="static", domain_name=bucket.domain_name, origin_access_control_id=access.id
    )


def to_balancer() -> aws.cloudfront.DistributionDefaultCacheBehaviorArgs:
    """Every request as it is; no answer is kept."""
    return aws.cloudfront.DistributionDefaultCacheBehaviorArgs(
        target_origin_id="balancer",
        viewer_protocol_policy="redirect-to-https",
        allowed_methods=EVERYTHING,
        cached_methods=READING,
        cache_policy_id=CACHING_DISABLED,
        origin_request_policy_id=ALL_VIEWER,
        response_headers_policy_id=SECURITY_HEADERS,
        compress=True,
    )


def to_static(path: str) -> aws.cloudfront.DistributionOrderedCacheBehaviorArgs:
    """Files, kept nearby as long as they say."""
    return aws.cloudfront.DistributionOrderedCacheBehaviorArgs(
        path_pattern=path,
        target_origin_id="static",
        viewer_protocol_policy="redirect-to-https",
        allowed_methods=READING,
        cached_methods=READING,
        cache_policy_id=CACHING_OPTIMIZED,
        response_headers_policy_id=SECURITY_HEADERS,
        compress=True,
    )
