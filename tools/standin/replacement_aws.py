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
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudfront_distribution
    "aws:cloudfront/distribution:Distribution": ("staging",),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudwatch_composite_alarm
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": ("alarmName",),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudwatch_metric_alarm
    "aws:cloudwatch/metricAlarm:MetricAlarm": ("name",),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudwatch_dashboard
    "aws:cloudwatch/dashboard:Dashboard": ("dashboardName",),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/flow_log
    "aws:ec2/flowLog:FlowLog": (
        "deliverCrossAccountRole",
        "destinationOptions",
        "eniId",
        "iamRoleArn",
        "logDestination",
        "logDestinationType",
        "logFormat",
        "maxAggregationInterval",
        "subnetId",
        "trafficType",
        "vpcId",
    ),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc_endpoint
    "aws:ec2/vpcEndpoint:VpcEndpoint": ("serviceName", "serviceRegion", "vpcEndpointType", "vpcId"),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecr_repository
    "aws:ecr/repository:Repository": ("encryptionConfigurations", "name"),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/eks_access_entry
    "aws:eks/accessEntry:AccessEntry": ("clusterName", "principalArn", "type"),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/eks_addon
    "aws:eks/addon:Addon": ("addonName", "clusterName"),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/eks_cluster
    "aws:eks/cluster:Cluster": (
        "accessConfig.bootstrapClusterCreatorAdminPermissions",
        "bootstrapSelfManagedAddons",
        "computeConfig.nodeRoleArn",
        "kubernetesNetworkConfig.ipFamily",
        "kubernetesNetworkConfig.serviceIpv4Cidr",
        "name",
        "roleArn",
    ),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/elasticache_replication_group
    "aws:elasticache/replicationGroup:ReplicationGroup": (
        "atRestEncryptionEnabled",
        "dataTieringEnabled",
        "globalReplicationGroupId",
        "kmsKeyId",
        "networkType",
        "port",
        "replicationGroupId",
        "securityGroupNames",
        "snapshotArns",
        "snapshotName",
        "subnetGroupName",
    ),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/elasticache_subnet_group
    "aws:elasticache/subnetGroup:SubnetGroup": ("name",),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role_policy_attachment
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ("policyArn", "role"),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/kms_key
    "aws:kms/key:Key": ("customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_instance
    "aws:rds/instance:Instance": (
        "availabilityZone",
        "backupTarget",
        "characterSetName",
        "customIamInstanceProfile",
        "dbName",
        "engine",
        "kmsKeyId",
        "ncharCharacterSetName",
        "restoreToPointInTime",
        "s3Import",
        "snapshotIdentifier",
        "storageEncrypted",
        "timezone",
        "username",
    ),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_parameter_group
    "aws:rds/parameterGroup:ParameterGroup": ("description", "family", "name", "namePrefix"),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_subnet_group
    "aws:rds/subnetGroup:SubnetGroup": ("name", "namePrefix"),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket
    "aws:s3/bucket:Bucket": ("bucket", "bucketPrefix", "objectLockEnabled"),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_lifecycle_configuration
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ("bucket", "expectedBucketOwner"),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_ownership_controls
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ("bucket",),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_policy
    "aws:s3/bucketPolicy:BucketPolicy": ("bucket",),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_public_access_block
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ("bucket",),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_server_side_encryption_configuration
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
        "bucket",
        "expectedBucketOwner",
    ),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_versioning
    "aws:s3/bucketVersioning:BucketVersioning": ("bucket", "expectedBucketOwner"),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/secretsmanager_secret
    "aws:secretsmanager/secret:Secret": ("name", "namePrefix"),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/secretsmanager_secret_version
    "aws:secretsmanager/secretVersion:SecretVersion": ("secretBinary", "secretId", "secretString"),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sns_topic
    "aws:sns/topic:Topic": ("fifoTopic", "name", "namePrefix"),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sns_topic_policy
    "aws:sns/topicPolicy:TopicPolicy": ("arn",),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/wafv2_web_acl
    "aws:wafv2/webAcl:WebAcl": ("name", "namePrefix", "scope"),
}
