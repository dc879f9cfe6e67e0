"""EKS: a closed cluster, AWS's data stores below it, and the very same workloads inside."""

import json

import pytest

from tests.infra.aws.example import changed, everything
from tests.synth import Synthesis, synthesise_config

CLUSTER = ("eks/cluster:Cluster", "cluster")


def test_a_production_cluster_is_exactly_this() -> None:
    made = everything("eks")[CLUSTER].inputs
    subnets = made["vpcConfig"].pop("subnetIds")
    name = made["name"]
    assert len(subnets) == 3
    assert made == {
        "name": name,
        "roleArn": made["roleArn"],
        "bootstrapSelfManagedAddons": False,
        "computeConfig": {
            "enabled": True,
            "nodePools": ["general-purpose", "system"],
            "nodeRoleArn": made["computeConfig"]["nodeRoleArn"],
        },
        "storageConfig": {"blockStorage": {"enabled": True}},
        "kubernetesNetworkConfig": {"elasticLoadBalancing": {"enabled": True}},
        "accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": True},
        "vpcConfig": {"endpointPrivateAccess": True, "endpointPublicAccess": False},
        "encryptionConfig": {
            "provider": {"keyArn": made["encryptionConfig"]["provider"]["keyArn"]},
            "resources": ["secrets"],
        },
        "enabledClusterLogTypes": ["api", "audit", "authenticator", "controllerManager", "scheduler"],
        "deletionProtection": True,
        "upgradePolicy": {"supportType": "STANDARD"},
    }
    assert "/cluster-key-" in made["encryptionConfig"]["provider"]["keyArn"]


def test_its_api_opens_to_the_addresses_that_are_named() -> None:
    said = synthesise_config(
        changed(target="eks", eks={"publicAccessCidrs": ["203.0.113.0/24"], "kubernetesVersion": "1.35"})
    )
    made = said[CLUSTER].inputs
    assert made["version"] == "1.35"
    assert {key: made["vpcConfig"][key] for key in ("endpointPublicAccess", "publicAccessCidrs")} == {
        "endpointPublicAccess": True,
        "publicAccessCidrs": ["203.0.113.0/24"],
    }


def test_its_control_planes_logs_end_and_are_there_before_it() -> None:
    said = everything("eks")
    logs = said["LogGroup", "cluster-control-plane"].inputs
    assert logs == {"name": f"/aws/eks/{said[CLUSTER].inputs['name']}/cluster", "retentionInDays": 30}
    assert "LogGroup cluster-control-plane" in said[CLUSTER].waits_for


@pytest.mark.parametrize(
    ("role", "service", "policies"),
    [
        (
            "cluster-control",
            "eks.amazonaws.com",
            [
                "AmazonEKSBlockStoragePolicy",
                "AmazonEKSClusterPolicy",
                "AmazonEKSComputePolicy",
                "AmazonEKSLoadBalancingPolicy",
                "AmazonEKSNetworkingPolicy",
            ],
        ),
        (
            "cluster-nodes",
            "ec2.amazonaws.com",
            ["AmazonEC2ContainerRegistryPullOnly", "AmazonEKSWorkerNodeMinimalPolicy"],
        ),
        (
            "cluster-observer",
            "pods.eks.amazonaws.com",
            ["AWSXrayWriteOnlyAccess", "CloudWatchAgentServerPolicy"],
        ),
    ],
)
def test_each_role_has_what_auto_mode_needs(role: str, service: str, policies: list[str]) -> None:
    said = everything("eks")
    (trust,) = json.loads(said["iam/role:Role", role].inputs["assumeRolePolicy"])["Statement"]
    assert trust == {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": ["sts:AssumeRole", "sts:TagSession"],
    }
    attached = [r for r in said.of_type("RolePolicyAttachment") if r.name.startswith(f"{role}-")]
    assert [r.inputs["policyArn"] for r in attached] == [f"arn:aws:iam::aws:policy/{p}" for p in policies]


def test_metrics_and_logs_are_add_ons_and_take_their_role_by_pod_identity() -> None:
    metrics, logs = everything("eks").of_type("eks/addon:Addon")
    assert (metrics.inputs["addonName"], logs.inputs["addonName"]) == (
        "metrics-server",
        "amazon-cloudwatch-observability",
    )
    (identity,) = logs.inputs["podIdentityAssociations"]
    assert identity["serviceAccount"] == "cloudwatch-agent"
    assert "/cluster-observer-" in identity["roleArn"]


def test_administrators_are_access_entries() -> None:
    arn = "arn:aws:iam::111122223333:role/operators"
    said = synthesise_config(changed(target="eks", eks={"administratorArns": [arn]}))
    assert said["AccessEntry", "cluster-operators"].inputs["principalArn"] == arn
    rights = said["AccessPolicyAssociation", "cluster-operators"].inputs
    assert (rights["policyArn"], rights["accessScope"]) == (
        "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        {"type": "cluster"},
    )
    assert everything("eks").of_type("AccessEntry") == []


def test_the_kubeconfig_asks_for_a_token_and_holds_none() -> None:
    said = everything("eks")
    config = json.loads(said["pulumi:providers:kubernetes", "kubernetes"].inputs["kubeconfig"])
    name = said[CLUSTER].inputs["name"]
    assert config["users"] == [
        {
            "name": name,
            "user": {
                "exec": {
                    "apiVersion": "client.authentication.k8s.io/v1beta1",
                    "command": "aws",
                    "args": [
                        "eks",
                        "get-token",
                        "--cluster-name",
                        name,
                        "--region",
                        "us-east-1",
                        "--output",
                        "json",
                    ],
                }
            },
        }
    ]


def workloads(said: Synthesis) -> dict[str, object]:
    """What the workloads are made of, but for values that differ: Secrets, and a Deployment's checksum."""
    return {
        str(r): r.inputs
        for r in said.resources
        if r.parent.startswith("airfield:kubernetes:KubernetesWorkload")
        and r.type not in {"kubernetes:core/v1:Secret", "kubernetes:apps/v1:Deployment"}
    }


def test_the_workloads_are_those_of_any_cluster() -> None:
    external = {"postgres": {"external": True}, "redis": {"external": True}}
    urls = {"API_KEY": "canary", "DATABASE_URL": "a", "REDIS_URL": "b"}
    elsewhere = synthesise_config(changed(target="kubernetes", secrets=urls, **external))
    ours = everything("eks")

    assert workloads(ours) == workloads(elsewhere)
    assert len(workloads(ours)) == 14


def test_database_url_comes_from_rds() -> None:
    said = everything("eks")
    values = said["core/v1:Secret", "api-secrets"].inputs["stringData"]
    password = said["rds/instance:Instance", "database"].inputs["password"]["secret"]
    url = values["secret"]["DATABASE_URL"] if "secret" in values else values["DATABASE_URL"]["secret"]
    assert url.startswith(f"postgresql://airfield:{password}@database-")


def test_network_policies_are_kept_before_anything_runs() -> None:
    said = everything("eks")
    switch = said["core/v1:ConfigMap", "network-policies"].inputs
    assert (switch["metadata"], switch["data"]) == (
        {"name": "amazon-vpc-cni", "namespace": "kube-system"},
        {"enable-network-policy-controller": "true"},
    )
    assert "ConfigMap network-policies" in said["airfield:kubernetes:Namespace", "namespace"].waits_for


def test_only_nodes_reach_the_data_stores() -> None:
    said = everything("eks")
    rules = {r.name: r.inputs for r in said.of_type("IngressRule")}
    assert {name: rule["fromPort"] for name, rule in rules.items()} == {
        "database-from-cluster": 5432,
        "cache-from-cluster": 6379,
    }
    assert all("cidrIpv4" not in rule for rule in rules.values())


@pytest.mark.parametrize(
    ("kind", "tag"), [("public", "kubernetes.io/role/elb"), ("private", "kubernetes.io/role/internal-elb")]
)
def test_the_cluster_finds_subnets_for_its_load_balancers(kind: str, tag: str) -> None:
    for zone in (1, 2, 3):
        name = f"network-{kind}-{zone}"
        assert everything("eks")["Subnet", name].inputs["tags"] == {"Name": name, tag: "1"}


def test_a_public_workload_without_a_domain_is_met_from_outside() -> None:
    said = synthesise_config(changed(target="eks", domain=""))
    services = {r.name: r.inputs for r in said.of_type("core/v1:Service")}
    scheme = "service.beta.kubernetes.io/aws-load-balancer-scheme"
    assert services["api-service"]["spec"]["type"] == "LoadBalancer"
    assert services["api-service"]["metadata"]["annotations"] == {scheme: "internet-facing"}
    assert "annotations" not in services["model-service"]["metadata"]


def test_the_class_alb_comes_with_its_balancers_and_the_domains_certificate() -> None:
    said = synthesise_config(changed(target="eks", kubernetes={"ingressClass": "alb"}))
    parameters = said["eks.amazonaws.com/v1:IngressClassParams", "balancer-parameters"].inputs["spec"]
    assert parameters["scheme"] == "internet-facing"
    (certificate_arn,) = parameters["certificateARNs"]
    assert ":acm:us-east-1:" in certificate_arn
    assert said["acm/certificate:Certificate", "domain"].inputs["domainName"] == "api.example.com"
    assert said["networking.k8s.io/v1:IngressClass", "balancer-class"].inputs["spec"] == {
        "controller": "eks.amazonaws.com/alb",
        "parameters": {"apiGroup": "eks.amazonaws.com", "kind": "IngressClassParams", "name": "alb"},
    }
    assert "IngressClass balancer-class" in said["airfield:kubernetes:Namespace", "namespace"].waits_for
    assert [line for line in said.warnings if line.startswith("airfield:domain:")] == []
    assert everything("eks").of_type("IngressClass") == []
