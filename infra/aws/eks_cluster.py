"""A Kubernetes cluster whose nodes EKS runs itself (Auto Mode)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from infra.aws.customer_key import customer_key
from infra.aws.policies import assumed_by

CONTROL_PLANE_LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
CLUSTER_POLICIES = (
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSClusterPolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
)
"""https://docs.aws.amazon.com/eks/latest/userguide/auto-cluster-iam-role.html"""
NODE_POLICIES = ("AmazonEC2ContainerRegistryPullOnly", "AmazonEKSWorkerNodeMinimalPolicy")
"""https://docs.aws.amazon.com/eks/latest/userguide/auto-create-node-role.html"""
OBSERVER_POLICIES = ("AWSXrayWriteOnlyAccess", "CloudWatchAgentServerPolicy")
"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/install-CloudWatch-Observability-EKS-addon.html"""
ADMINISTRATOR = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
NODE_POOLS = ["general-purpose", "system"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EksClusterArgs:
    """What a cluster is made of."""

    version: str | None
    """Of Kubernetes; None: what EKS makes by default."""
    subnet_ids: Sequence[pulumi.Input[str]]
    """Private subnets."""
    public_access_cidrs: Sequence[str]
    """From where its API is reached over the internet; empty: from its own network alone."""
    administrator_arns: Sequence[str]
    protected: bool
    """Whether Pulumi and AWS refuse to delete it."""
    log_retention_days: int
    region: str


class EksCluster(pulumi.ComponentResource):
    """Secrets encrypted, every control-plane log kept, its API closed but to the addresses that are named."""

    security_group_id: pulumi.Output[str]
    """Of its nodes."""
    name: pulumi.Output[str]
    kubeconfig: pulumi.Output[str]
    """Known once the add-ons run; holds no key: the caller's own credentials make a token each time."""

    def __init__(self, name: str, args: EksClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:aws:EksCluster", name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        kept = pulumi.ResourceOptions(parent=self, protect=args.protected)
        suffix = random.RandomString(f"{name}-suffix", length=8, upper=False, special=False, opts=kept)
        physical_name = pulumi.Output.concat(name, "-", suffix.result)
        key = customer_key(name, "The cluster's Secrets", kept)
        logs = aws.cloudwatch.LogGroup(
            f"{name}-control-plane",
            name=pulumi.Output.concat("/aws/eks/", physical_name, "/cluster"),
            retention_in_days=args.log_retention_days,
            opts=self._child,
        )
        cluster_role = self._role(f"{name}-control", "eks.amazonaws.com", CLUSTER_POLICIES)
        node_role = self._role(f"{name}-nodes", "ec2.amazonaws.com", NODE_POLICIES)
        cluster = aws.eks.Cluster(
            name,
            name=physical_name,
            version=args.version,
            role_arn=cluster_role,
            bootstrap_self_managed_addons=False,
            compute_config=aws.eks.ClusterComputeConfigArgs(
                enabled=True, node_pools=NODE_POOLS, node_role_arn=node_role
            ),
            storage_config=block_storage(),
            kubernetes_network_config=load_balancing(),
            access_config=access(),
            vpc_config=reached_from(args),
            encryption_config=secrets_encrypted(key.arn),
            enabled_cluster_log_types=CONTROL_PLANE_LOGS,
            deletion_protection=args.protected,
            upgrade_policy=aws.eks.ClusterUpgradePolicyArgs(support_type="STANDARD"),
            opts=pulumi.ResourceOptions(parent=self, protect=args.protected, depends_on=[logs]),
        )
        for arn in args.administrator_arns:
            self._administrator(name, cluster, arn)
        addons = [self._metrics(name, cluster), self._observability(name, cluster)]
        self.security_group_id = cluster.vpc_config.cluster_security_group_id.apply(str)
        ready = pulumi.Output.all(*(addon.id for addon in addons))
        self.kubeconfig = pulumi.Output.all(
            name=cluster.name,
            endpoint=cluster.endpoint,
            authority=cluster.certificate_authority.data,
            ready=ready,
        ).apply(lambda known: kubeconfig(known["name"], known["endpoint"], known["authority"], args.region))
        self.name = cluster.name
        self.register_outputs({"name": self.name})

    def _role(self, name: str, service: str, policies: Sequence[str]) -> pulumi.Output[str]:
        role = aws.iam.Role(
            name,
            assume_role_policy=assumed_by(service, "sts:AssumeRole", "sts:TagSession"),
            opts=self._child,
        )
        granted = [
            aws.iam.RolePolicyAttachment(
                f"{name}-{policy}",
                role=role.name,
                policy_arn=f"arn:aws:iam::aws:policy/{policy}",
                opts=self._child,
            ).id
            for policy in policies
        ]
        # Whoever takes the role's ARN waits until the role may do something.
        return pulumi.Output.all(role.arn, *granted).apply(lambda arn_and_policies: arn_and_policies[0])

    def _administrator(self, name: str, cluster: aws.eks.Cluster, arn: str) -> None:
        name = f"{name}-{arn.rpartition('/')[2]}"
        entry = aws.eks.AccessEntry(name, cluster_name=cluster.name, principal_arn=arn, opts=self._child)
        aws.eks.AccessPolicyAssociation(
            name,
            cluster_name=cluster.name,
            principal_arn=entry.principal_arn,
            policy_arn=ADMINISTRATOR,
            access_scope=aws.eks.AccessPolicyAssociationAccessScopeArgs(type="cluster"),
            opts=self._child,
        )

    def _metrics(self, name: str, cluster: aws.eks.Cluster) -> aws.eks.Addon:
        """What the autoscaler of every workload asks."""
        return aws.eks.Addon(
            f"{name}-metrics", cluster_name=cluster.name, addon_name="metrics-server", opts=self._child
        )

    def _observability(self, name: str, cluster: aws.eks.Cluster) -> aws.eks.Addon:
        """Logs and metrics of every pod in CloudWatch, written under a role that pods get by identity."""
        role = self._role(f"{name}-observer", "pods.eks.amazonaws.com", OBSERVER_POLICIES)
        return aws.eks.Addon(
            f"{name}-observability",
            cluster_name=cluster.name,
            addon_name="amazon-cloudwatch-observability",
            pod_identity_associations=[
                aws.eks.AddonPodIdentityAssociationArgs(role_arn=role, service_account="cloudwatch-agent")
            ],
            opts=self._child,
        )


def reached_from(args: EksClusterArgs) -> aws.eks.ClusterVpcConfigArgs:
    """Its API: from its own network, and from the addresses that are named."""
    return aws.eks.ClusterVpcConfigArgs(
        subnet_ids=args.subnet_ids,
        endpoint_private_access=True,
        endpoint_public_access=bool(args.public_access_cidrs),
        public_access_cidrs=list(args.public_access_cidrs) or None,
    )


def access() -> aws.eks.ClusterAccessConfigArgs:
    """By access entries alone; whoever makes the cluster also fills it, and so administers it."""
    return aws.eks.ClusterAccessConfigArgs(
        authentication_mode="API", bootstrap_cluster_creator_admin_permissions=True
    )


def secrets_encrypted(key_arn: pulumi.Input[str]) -> aws.eks.ClusterEncryptionConfigArgs:
    """Secrets lie encrypted in the control plane's store."""
    return aws.eks.ClusterEncryptionConfigArgs(
        provider=aws.eks.ClusterEncryptionConfigProviderArgs(key_arn=key_arn), resources=["secrets"]
    )


def block_storage() -> aws.eks.ClusterStorageConfigArgs:
    """Auto Mode is on as a whole or not at all: nodes, disks and load balancers."""
    return aws.eks.ClusterStorageConfigArgs(
        block_storage=aws.eks.ClusterStorageConfigBlockStorageArgs(enabled=True)
    )


def load_balancing() -> aws.eks.ClusterKubernetesNetworkConfigArgs:
    """As `block_storage`."""
    return aws.eks.ClusterKubernetesNetworkConfigArgs(
        elastic_load_balancing=aws.eks.ClusterKubernetesNetworkConfigElasticLoadBalancingArgs(enabled=True)
    )


def kubeconfig(name: str, endpoint: str, authority: str, region: str) -> str:
    """How a client finds the cluster, and says who it is.

    https://docs.aws.amazon.com/eks/latest/userguide/create-kubeconfig.html
    """
    token = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "aws",
        "args": ["eks", "get-token", "--cluster-name", name, "--region", region, "--output", "json"],
    }
    cluster = {"server": endpoint, "certificate-authority-data": authority}
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": name, "cluster": cluster}],
            "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
            "current-context": name,
            "users": [{"name": name, "user": {"exec": token}}],
        }
    )
