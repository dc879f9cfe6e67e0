"""What the stand-ins make of a resource, as plain values."""

import importlib
import re
import string
from pathlib import Path

import pytest

from tools.standin.aws import Aws
from tools.standin.docker import Docker, DockerBuild
from tools.standin.gcp import Gcp
from tools.standin.kubernetes import Kubernetes
from tools.standin.provider import StandIn
from tools.standin.random import Random
from tools.standin.replacement import REPLACED_BY
from tools.standin.resource import Resource
from tools.standin.wire import UNKNOWN, Change, Json, changes


def resource(type_: str, provider: dict[str, Json] | None = None, /, **inputs: Json) -> Resource:
    urn = f"urn:pulumi:dev::airfield::{type_}::api"
    return Resource(type=type_, name="api", urn=urn, inputs=inputs, provider=provider or {}, fixed={})


FRONT = resource("aws:lb/loadBalancer:LoadBalancer", {"region": "eu-west-1"}, name="front")
DIGEST = resource("aws:ec2/vpc:Vpc").digest


@pytest.mark.parametrize(
    ("made", "identity"),
    [
        (resource("aws:ec2/vpc:Vpc"), f"vpc-{DIGEST[:17]}"),
        (resource("aws:iam/role:Role", name="runner"), "runner"),
        (
            FRONT,
            f"arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/front/{FRONT.digest[:16]}",
        ),
        (resource("aws:ecs/taskDefinition:TaskDefinition", family="api"), "api"),
    ],
)
def test_an_aws_resource_has_an_identity_of_its_kind(made: Resource, identity: str) -> None:
    assert Aws().identity(made) == identity


@pytest.mark.parametrize(
    ("stand_in", "made", "key", "value"),
    [
        (Aws(), resource("aws:iam/role:Role", name="r"), "arn", "arn:aws:iam::111122223333:role/r"),
        (
            Aws(),
            resource("aws:ecr/repository:Repository", name="r"),
            "repositoryUrl",
            "111122223333.dkr.ecr.us-east-1.amazonaws.com/r",
        ),
        (Aws(), resource("aws:elasticache/replicationGroup:ReplicationGroup"), "port", 6379),
        (Gcp(), resource("gcp:serviceaccount/account:Account", {"project": "p"}, accountId="a"), "email",
         "a@p.iam.gserviceaccount.com"),
        (Gcp(), resource("gcp:cloudrunv2/service:Service", name="s", location="eu"), "uri",
         "https://s-123456789012.eu.run.app"),
        (Gcp(), resource("gcp:artifactregistry/repository:Repository", {"project": "p", "region": "eu"},
                         repositoryId="r"), "registryUri", "eu-docker.pkg.dev/p/r"),
        (Gcp(), resource("gcp:storage/bucket:Bucket", name="b"), "project", "rehearsal"),
        (Docker(), resource("docker:index/network:Network", name="n"), "name", "n"),
    ],
)  # fmt: skip
def test_dependants_find_what_they_need(stand_in: StandIn, made: Resource, key: str, value: Json) -> None:
    assert stand_in.computed(made)[key] == value


def test_a_certificate_has_a_record_for_each_of_its_names() -> None:
    made = resource(
        "aws:acm/certificate:Certificate", domainName="a.example", subjectAlternativeNames=["b.example"]
    )
    options = Aws().computed(made)["domainValidationOptions"]
    assert isinstance(options, list)
    assert [option["domainName"] for option in options if isinstance(option, dict)] == [
        "a.example",
        "b.example",
    ]


def test_a_kubernetes_cluster_on_aws_can_be_reached_and_trusted() -> None:
    cluster = Aws().computed(resource("aws:eks/cluster:Cluster", name="c"))
    assert str(cluster["endpoint"]).endswith(".us-east-1.eks.amazonaws.com")
    assert "oidc.eks.us-east-1" in str(cluster["identities"])
    assert "endpoint" not in Aws().computed(resource("aws:ecs/cluster:Cluster", name="c"))


@pytest.mark.parametrize(
    ("stand_in", "token", "key"),
    [
        (Aws(), "aws:index/getAvailabilityZones:getAvailabilityZones", "names"),
        (Aws(), "aws:index/getRegion:getRegion", "region"),
        (Aws(), "aws:index/getCallerIdentity:getCallerIdentity", "accountId"),
        (Aws(), "aws:index/getPartition:getPartition", "dnsSuffix"),
        (Aws(), "aws:lb/getHostedZoneId:getHostedZoneId", "id"),
        (Aws(), "aws:iam/getPolicyDocument:getPolicyDocument", "json"),
        (Gcp(), "gcp:organizations/getProject:getProject", "number"),
        (Gcp(), "gcp:organizations/getClientConfig:getClientConfig", "zone"),
    ],
)
def test_functions_are_answered(stand_in: StandIn, token: str, key: str) -> None:
    assert stand_in.answer(token, {}, {})[key]


@pytest.mark.parametrize("stand_in", [Aws(), Gcp(), Docker()])
def test_a_function_that_nobody_taught_is_not_answered_with_a_guess(stand_in: StandIn) -> None:
    with pytest.raises(NotImplementedError, match="getMoon"):
        stand_in.answer("any:index/getMoon:getMoon", {}, {})


def test_a_built_image_is_referred_to_by_its_digest() -> None:
    made = resource("docker-build:index:Image", tags=["ghcr.io/acme/api:1"])
    assert DockerBuild().computed(made)["ref"] == f"ghcr.io/acme/api:1@sha256:{made.digest}"
    assert DockerBuild().computed(resource("docker-build:index:Image"))["ref"] == f"sha256:{made.digest}"
    assert Docker().identity(made) == made.digest[:25]


def test_a_password_is_drawn_from_the_seed_and_keeps_to_its_alphabet() -> None:
    made = resource(
        "random:index/randomPassword:RandomPassword", length=400, special=True, overrideSpecial="-"
    )
    drawn = str(Random(seed=b"a").computed(made)["result"])
    assert drawn == Random(seed=b"a").computed(made)["result"]
    assert drawn != Random(seed=b"b").computed(made)["result"]
    assert len(drawn) == 400
    assert set(drawn) == set(string.ascii_letters + string.digits + "-")
    plain = resource("random:index/randomString:RandomString", length=200, special=False, upper=False)
    assert set(str(Random(seed=b"a").computed(plain)["result"])) == set(
        string.ascii_lowercase + string.digits
    )


def test_an_identifier_is_drawn_in_every_shape() -> None:
    made = resource("random:index/randomId:RandomId", byteLength=4)
    drawn = Random(seed=b"a").computed(made)
    assert int(str(drawn["hex"]), 16) == int(str(drawn["dec"]))
    assert Random(seed=b"a").identity(made) == made.digest[:16]
    assert Random(seed=b"a").replaced_by(made, ["keepers.version"]) == ["keepers.version"]


def test_a_cluster_gives_a_balancer_its_address_and_a_file_has_none() -> None:
    cluster = Kubernetes(root=Path(), render=True)
    balanced: Json = {"type": "LoadBalancer"}
    address: Json = {"loadBalancer": {"ingress": [{"ip": "192.0.2.10"}]}}
    assert cluster.computed(resource("kubernetes:core/v1:Service", spec=balanced)) == {"status": address}
    assert cluster.computed(resource("kubernetes:core/v1:Service", spec={"type": "ClusterIP"})) == {}
    by_name = cluster.computed(
        resource(
            "kubernetes:networking.k8s.io/v1:Ingress",
            {"kubeconfig": '{"args": ["eks", "get-token", "--region", "eu-west-1", "--output", "json"]}'},
            metadata={"namespace": "airfield", "name": "order-service"},
            spec={"ingressClassName": "alb"},
        )
    )
    assert re.fullmatch(
        r".*'k8s-airfield-orderser-[0-9a-f]{10}-[0-9]+\.eu-west-1\.elb\.amazonaws\.com'.*", str(by_name)
    )
    nginx = resource("kubernetes:networking.k8s.io/v1:Ingress", spec={"ingressClassName": "nginx"})
    assert cluster.computed(nginx) == {"status": address}
    rendered = resource("kubernetes:core/v1:Service", {"renderYamlToDirectory": "build"}, spec=balanced)
    assert cluster.computed(rendered) == {}


def test_an_object_without_a_name_gets_one_and_keeps_it() -> None:
    cluster = Kubernetes(root=Path(), render=False)
    made = resource("kubernetes:core/v1:ConfigMap", metadata={"namespace": "hangar"})
    named = cluster.complete(made, {})
    assert named == {"metadata": {"namespace": "hangar", "name": f"api-{made.digest[:8]}"}}
    kept = cluster.complete(made, {"metadata": {"name": "api-older"}})
    assert kept == {"metadata": {"namespace": "hangar", "name": "api-older"}}
    assert cluster.identity(resource("kubernetes:core/v1:Namespace", metadata={"name": "n"})) == "n"


def test_changes_are_named_by_their_paths_and_an_unknown_is_none() -> None:
    old: Json = {"a": [1, {"b": 2}], "c": UNKNOWN, "d/e": 1, "f": [1]}
    new: Json = {"a": [1, {"b": 3}], "c": 5, "d/e": 2, "f": [1, 2], "g": UNKNOWN}
    assert list(changes(old, new)) == [
        Change("a[1].b", 2, 3),
        Change('["d/e"]', 1, 2),
        Change("f", [1], [1, 2]),
    ]


@pytest.mark.parametrize(
    ("type_", "path", "replaced"),
    [
        ("aws:ec2/vpc:Vpc", "cidrBlock", True),
        ("aws:ec2/vpc:Vpc", "enableDnsHostnames", False),
        ("aws:ecs/taskDefinition:TaskDefinition", "containerDefinitions", True),
        ("aws:ecs/service:Service", "desiredCount", False),
        ("aws:lb/targetGroup:TargetGroup", "port", True),
        ("gcp:cloudrunv2/service:Service", "location", True),
        ("gcp:cloudrunv2/service:Service", "template.scaling.maxInstanceCount", False),
        ("gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup", "cloudRun.service", True),
    ],
)
def test_a_platform_replaces_what_it_cannot_change(type_: str, path: str, replaced: bool) -> None:  # noqa: FBT001
    made = resource(type_)
    stand_in = Aws() if type_.startswith("aws") else Gcp()
    assert stand_in.replaced_by(made, [path]) == ([path] if replaced else [])


def test_every_type_of_the_tables_is_one_that_the_sdk_has() -> None:
    sdks = {
        package: Path(importlib.import_module(f"pulumi_{package}").__file__ or "").read_text()
        for package in ("aws", "docker", "gcp")
    }
    known = {type_ for type_ in REPLACED_BY for sdk in sdks.values() if f'"{type_}"' in sdk}
    assert REPLACED_BY.keys() - known == {"pulumi:providers:kubernetes"}


def test_every_type_that_a_stack_declares_in_a_cloud_is_in_the_tables() -> None:
    graphs = Path(__file__).parents[1].glob("graphs/*.txt")
    declared = {line.split(" ", 1)[0] for graph in graphs for line in graph.read_text().splitlines()}
    clouds = {type_ for type_ in declared if type_.startswith(("aws:", "gcp:"))}
    assert clouds - REPLACED_BY.keys() == {"aws:ec2/internetGateway:InternetGateway"}
