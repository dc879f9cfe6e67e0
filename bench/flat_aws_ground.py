"""What the flat program on AWS shares between its workloads: network, access logs, cluster, balancer."""

import pulumi
import pulumi_aws as aws

REGION = "us-east-1"
DOMAIN = "api.example.com"
tags = {"Project": "airfield", "Environment": "production", "ManagedBy": "Pulumi"}
provider = aws.Provider("aws", region=REGION, default_tags={"tags": tags})
opts = pulumi.ResourceOptions(provider=provider)
asked = pulumi.InvokeOptions(provider=provider)

account_id = aws.get_caller_identity(opts=asked).account_id
zones = aws.get_availability_zones(state="available", opts=asked).names
vpc = aws.ec2.Vpc(
    "network",
    cidr_block="10.0.0.0/16",
    enable_dns_hostnames=True,
    enable_dns_support=True,
    tags={"Name": "network"},
    opts=opts,
)
aws.ec2.DefaultSecurityGroup("network-closed", vpc_id=vpc.id, opts=opts)
internet = aws.ec2.InternetGateway("network-internet", vpc_id=vpc.id, tags={"Name": "network"}, opts=opts)
public_routes = aws.ec2.RouteTable(
    "network-public-routes",
    vpc_id=vpc.id,
    routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": internet.id}],
    tags={"Name": "network-public"},
    opts=opts,
)
public_ids: list[pulumi.Output[str]] = []
private_ids: list[pulumi.Output[str]] = []
private_routes_ids: list[pulumi.Output[str]] = []
for number, zone in enumerate(zones, start=1):
    public = aws.ec2.Subnet(
        f"network-public-{number}",
        vpc_id=vpc.id,
        cidr_block=f"10.0.{100 + number}.0/24",
        availability_zone=zone,
        map_public_ip_on_launch=False,
        tags={"Name": f"network-public-{number}"},
        opts=opts,
    )
    public_ids.append(public.id)
    aws.ec2.RouteTableAssociation(
        f"network-public-{number}-routed", subnet_id=public.id, route_table_id=public_routes.id, opts=opts
    )
    address = aws.ec2.Eip(
        f"network-nat-{number}-address", domain="vpc", tags={"Name": f"network-nat-{number}"}, opts=opts
    )
    nat = aws.ec2.NatGateway(
        f"network-nat-{number}",
        allocation_id=address.id,
        subnet_id=public.id,
        tags={"Name": f"network-nat-{number}"},
        opts=opts,
    )
    private = aws.ec2.Subnet(
        f"network-private-{number}",
        vpc_id=vpc.id,
        cidr_block=f"10.0.{number}.0/24",
        availability_zone=zone,
        map_public_ip_on_launch=False,
        tags={"Name": f"network-private-{number}"},
        opts=opts,
    )
    private_ids.append(private.id)
    private_routes = aws.ec2.RouteTable(
        f"network-private-{number}-routes",
        vpc_id=vpc.id,
        routes=[{"cidr_block": "0.0.0.0/0", "nat_gateway_id": nat.id}],
        tags={"Name": f"network-private-{number}"},
        opts=opts,
    )
    private_routes_ids.append(private_routes.id)
    aws.ec2.RouteTableAssociation(
        f"network-private-{number}-routed", subnet_id=private.id, route_table_id=private_routes.id, opts=opts
    )

aws.ec2.VpcEndpoint(
    "network-storage",
    vpc_id=vpc.id,
    service_name=f"com.amazonaws.{REGION}.s3",
    vpc_endpoint_type="Gateway",
    route_table_ids=private_routes_ids,
    tags={"Name": "network"},
    opts=opts,
)

access_logs = aws.s3.Bucket(
    "access-logs", force_destroy=False, opts=pulumi.ResourceOptions(provider=provider, protect=True)
)
closed = aws.s3.BucketPublicAccessBlock(
    "access-logs-closed",
    bucket=access_logs.id,
    block_public_acls=True,
    block_public_policy=True,
    ignore_public_acls=True,
    restrict_public_buckets=True,
    opts=opts,
)
aws.s3.BucketOwnershipControls(
    "access-logs-owned",
    bucket=access_logs.id,
    rule={"object_ownership": "BucketOwnerEnforced"},
    opts=opts,
)
aws.s3.BucketServerSideEncryptionConfiguration(
    "access-logs-encrypted",
    bucket=access_logs.id,
    rules=[
        {
            "apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"},
            "bucket_key_enabled": False,
        }
    ],
    opts=opts,
)
versions = aws.s3.BucketVersioning(
    "access-logs-versions",
    bucket=access_logs.id,
    versioning_configuration={"status": "Enabled"},
    opts=opts,
)
aws.s3.BucketLifecycleConfiguration(
    "access-logs-lifecycle",
    bucket=access_logs.id,
    rules=[
        {
            "id": "end",
            "status": "Enabled",
            "filter": {"prefix": ""},
            "expiration": {"days": 30},
            "noncurrent_version_expiration": {"noncurrent_days": 1},
            "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
        }
    ],
    opts=pulumi.ResourceOptions(provider=provider, depends_on=[versions]),
)
access_log_policy = aws.s3.BucketPolicy(
    "access-logs-policy",
    bucket=access_logs.id,
    policy=pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "s3:*",
                    "Resource": [access_logs.arn, pulumi.Output.concat(access_logs.arn, "/*")],
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                },
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
                    "Action": "s3:PutObject",
                    "Resource": pulumi.Output.concat(access_logs.arn, f"/AWSLogs/{account_id}/*"),
                },
            ],
        }
    ),
    opts=pulumi.ResourceOptions(provider=provider, depends_on=[closed]),
)

exec_logs = aws.cloudwatch.LogGroup("cluster-exec", retention_in_days=30, opts=opts)
cluster = aws.ecs.Cluster(
    "cluster",
    settings=[{"name": "containerInsights", "value": "enabled"}],
    configuration={
        "execute_command_configuration": {
            "logging": "OVERRIDE",
            "log_configuration": {"cloud_watch_log_group_name": exec_logs.name},
        }
    },
    opts=opts,
)
namespace = aws.servicediscovery.PrivateDnsNamespace(
    "cluster-names", name="airfield.internal", vpc=vpc.id, opts=opts
)

balancer_group = aws.ec2.SecurityGroup(
    "api-balancer",
    description="Load balancer of api",
    vpc_id=vpc.id,
    tags={"Name": "api-balancer"},
    opts=opts,
)
for port in (80, 443):
    aws.vpc.SecurityGroupIngressRule(
        f"api-balancer-from-internet-{port}",
        security_group_id=balancer_group.id,
        cidr_ipv4="0.0.0.0/0",
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        opts=opts,
    )
balancer = aws.lb.LoadBalancer(
    "api",
    load_balancer_type="application",
    internal=False,
    security_groups=[balancer_group.id],
    subnets=public_ids,
    idle_timeout=300,
    drop_invalid_header_fields=True,
    enable_deletion_protection=True,
    access_logs={"enabled": True, "bucket": access_log_policy.bucket},
    opts=opts,
)
targets = aws.lb.TargetGroup(
    "api",
    vpc_id=vpc.id,
    target_type="ip",
    protocol="HTTP",
    port=8000,
    deregistration_delay=30,
    health_check={
        "path": "/ready",
        "matcher": "200",
        "interval": 10,
        "timeout": 5,
        "healthy_threshold": 2,
        "unhealthy_threshold": 3,
    },
    opts=opts,
)
hosted_zone = aws.route53.get_zone(name="example.com", opts=asked)
certificate = aws.acm.Certificate("api", domain_name=DOMAIN, validation_method="DNS", opts=opts)
proof = certificate.domain_validation_options[0]
proof_record = aws.route53.Record(
    "api-proof",
    zone_id=hosted_zone.zone_id,
    name=proof.resource_record_name.apply(str),
    type=proof.resource_record_type.apply(str),
    records=[proof.resource_record_value.apply(str)],
    ttl=60,
    opts=opts,
)
valid = aws.acm.CertificateValidation(
    "api-valid",
    certificate_arn=certificate.arn,
    validation_record_fqdns=[proof_record.fqdn],
    opts=opts,
)
listener = aws.lb.Listener(
    "api",
    load_balancer_arn=balancer.arn,
    port=443,
    protocol="HTTPS",
    ssl_policy="ELBSecurityPolicy-TLS13-1-2-2021-06",
    certificate_arn=valid.certificate_arn,
    default_actions=[{"type": "forward", "target_group_arn": targets.arn}],
    opts=opts,
)
aws.lb.Listener(
    "api-redirect",
    load_balancer_arn=balancer.arn,
    port=80,
    protocol="HTTP",
    default_actions=[
        {
            "type": "redirect",
            "redirect": {"protocol": "HTTPS", "port": "443", "status_code": "HTTP_301"},
        }
    ],
    opts=opts,
)
aws.route53.Record(
    "api-address",
    zone_id=hosted_zone.zone_id,
    name=DOMAIN,
    type="A",
    aliases=[{"name": balancer.dns_name, "zone_id": balancer.zone_id, "evaluate_target_health": True}],
    opts=opts,
)
