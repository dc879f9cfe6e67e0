"""A domain's certificate, and the record that leads it somewhere."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.aws.cdn import edge_address


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateArgs:
    """What a certificate is made of."""

    domain: str
    hosted_zone: str | None
    """Route 53 zone of the domain; None: the domain without its first label."""


class Certificate(pulumi.ComponentResource):
    """An ACM certificate that Route 53 proves."""

    arn: pulumi.Output[str]
    """Known once the certificate is valid."""
    zone_id: pulumi.Output[str]
    domain: str
    address: pulumi.Alias
    """What leads the domain to a load balancer, for whoever takes its place: Route 53 has room for one."""

    def __init__(self, name: str, args: CertificateArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:aws:Certificate", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        zone_name = args.hosted_zone or args.domain.partition(".")[2]
        zone = aws.route53.get_zone_output(name=zone_name, opts=pulumi.InvokeOptions(parent=self))
        certificate = aws.acm.Certificate(name, domain_name=args.domain, validation_method="DNS", opts=child)
        proof = certificate.domain_validation_options[0]
        record = aws.route53.Record(
            f"{name}-proof",
            zone_id=zone.zone_id,
            name=proof.resource_record_name.apply(str),
            type=proof.resource_record_type.apply(str),
            records=[proof.resource_record_value.apply(str)],
            ttl=60,
            opts=child,
        )
        validation = aws.acm.CertificateValidation(
            f"{name}-valid",
            certificate_arn=certificate.arn,
            validation_record_fqdns=[record.fqdn],
            opts=child,
        )
        self._name, self._record, self.domain = name, record, args.domain
        self.address = pulumi.Alias(name=f"{name}-address", parent=self)
        self.arn, self.zone_id = validation.certificate_arn, zone.zone_id
        self.register_outputs({"arn": self.arn})

    def also_in(self, region: str) -> pulumi.Output[str]:
        """The ARN of one more for the same domain: the same record proves both."""
        child = pulumi.ResourceOptions(parent=self)
        name = f"{self._name}-{region}"
        certificate = aws.acm.Certificate(
            name, domain_name=self.domain, validation_method="DNS", region=region, opts=child
        )
        return aws.acm.CertificateValidation(
            f"{name}-valid",
            certificate_arn=certificate.arn,
            validation_record_fqdns=[self._record.fqdn],
            region=region,
            opts=child,
        ).certificate_arn

    def lead_to(self, balancer_dns_name: pulumi.Input[str], balancer_zone_id: pulumi.Input[str]) -> None:
        """The domain's address becomes that of a load balancer; in place, where it was CloudFront's."""
        aws.route53.Record(
            f"{self._name}-address",
            zone_id=self.zone_id,
            name=self.domain,
            type="A",
            aliases=[
                aws.route53.RecordAliasArgs(
                    name=balancer_dns_name,
                    zone_id=balancer_zone_id,
                    evaluate_target_health=True,
                )
            ],
            opts=pulumi.ResourceOptions(parent=self, aliases=[edge_address()]),
        )
