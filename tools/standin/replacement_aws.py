"""Which changed property makes AWS replace a resource; where each entry is written. Holds no code.

Only the types that the stacks declare are here. A type that is missing is always updated in place.
"""

from collections.abc import Mapping

AWS_REPLACED_BY: Mapping[str, tuple[str, ...]] = {
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/acm_certificate
    "aws:acm/certificate:Certificate": (
        "domainName",
        "keyAlgorithm",
        "subjectAlternativeNames",
        "validationMethod",
    ),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/acm_certificate_validation
    "aws:acm/certificateValidation:CertificateValidation": ("certificateArn", "validationRecordFqdns"),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/appautoscaling_policy
    "aws:appautoscaling/policy:Policy": ("name", "resourceId", "scalableDimension", "serviceNamespace"),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/appautoscaling_target
    "aws:appautoscaling/target:Target": ("resourceId", "scalableDimension", "serviceNamespace"),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudwatch_log_group
    "aws:cloudwatch/logGroup:LogGroup": ("logGroupClass", "name", "namePrefix"),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/default_security_group
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ("vpcId",),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/eip
    "aws:ec2/eip:Eip": ("domain", "networkBorderGroup", "publicIpv4Pool"),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/nat_gateway
    "aws:ec2/natGateway:NatGateway": ("allocationId", "connectivityType", "privateIp", "subnetId"),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route_table
    "aws:ec2/routeTable:RouteTable": ("vpcId",),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route_table_association
    "aws:ec2/routeTableAssociation:RouteTableAssociation": ("gatewayId", "subnetId"),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group
    "aws:ec2/securityGroup:SecurityGroup": ("description", "name", "namePrefix", "vpcId"),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/subnet
    "aws:ec2/subnet:Subnet": (
        "availabilityZone",
        "availabilityZoneId",
        "cidrBlock",
        "ipv6Native",
        "outpostArn",
        "vpcId",
    ),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc
    "aws:ec2/vpc:Vpc": ("cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecs_cluster
    "aws:ecs/cluster:Cluster": ("name",),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecs_service
    "aws:ecs/service:Service": (
        "cluster",
        "deploymentController.type",
        "iamRole",
        "launchType",
        "name",
        "schedulingStrategy",
    ),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecs_task_definition
    "aws:ecs/taskDefinition:TaskDefinition": (
        "containerDefinitions",
        "cpu",
        "ephemeralStorage",
        "executionRoleArn",
        "family",
        "ipcMode",
        "memory",
        "networkMode",
        "pidMode",
        "placementConstraints",
        "proxyConfiguration",
        "requiresCompatibilities",
        "runtimePlatform",
        "taskRoleArn",
        "volumes",
    ),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role
    "aws:iam/role:Role": ("name", "namePrefix", "path"),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role_policy
    "aws:iam/rolePolicy:RolePolicy": ("name", "namePrefix", "role"),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lb_listener
    "aws:lb/listener:Listener": ("loadBalancerArn",),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lb
    "aws:lb/loadBalancer:LoadBalancer": (
        "customerOwnedIpv4Pool",
        "internal",
        "loadBalancerType",
        "name",
        "namePrefix",
    ),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lb_target_group
    "aws:lb/targetGroup:TargetGroup": (
        "ipAddressType",
        "name",
        "namePrefix",
        "port",
        "protocol",
        "protocolVersion",
        "targetType",
        "vpcId",
    ),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route53_record
    "aws:route53/record:Record": ("name", "zoneId"),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/service_discovery_private_dns_namespace
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": ("name", "vpc"),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/service_discovery_service
    "aws:servicediscovery/service:Service": (
        "dnsConfig.namespaceId",
        "dnsConfig.routingPolicy",
        "name",
        "namespaceId",
        "type",
    ),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc_security_group_egress_rule
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ("securityGroupId",),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc_security_group_ingress_rule
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ("securityGroupId",),
}
