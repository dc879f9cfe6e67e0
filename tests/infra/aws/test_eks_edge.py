"""EKS: the domain leads to the load balancer that the cluster makes, or to CloudFront in front of that."""

from functools import cache

import pulumi
import pytest
from pulumi_kubernetes.networking.v1.outputs import (
    IngressLoadBalancerIngress,
    IngressLoadBalancerStatus,
    IngressStatus,
)

from infra.kubernetes.ingress import host_of_load_balancer
from infra.portability import Target
from tests.infra.aws.example import changed
from tests.synth import Declared, Synthesis, synthesise_config

ALB = {"ingressClass": "alb"}
HOME = "us-east-1"
ABROAD = "eu-central-1"
DISTRIBUTION = ("cloudfront/distribution:Distribution", "edge")
WORDS = "alb.ingress.kubernetes.io"


@cache
def balanced(target: Target = "eks", region: str = HOME, *, edge: bool = False) -> Synthesis:
    """A stack whose domain an Application Load Balancer leads into a cluster."""
    block: dict[str, object] = {"cdn": {}} if edge else {}
    return synthesise_config(changed(target=target, kubernetes=ALB, aws=block) | {"aws:region": region})


def host(said: Synthesis) -> str:
    """Where the stand-in of a cluster says that its load balancer is."""
    (found,) = {
        alias["name"]
        for record in said.of_type("route53/record:Record")
        for alias in record.inputs.get("aliases", [])
    }
    return str(found)


def records(said: Synthesis) -> dict[str, tuple[str, str]]:
    return {
        r.name: (r.inputs["name"], r.inputs["type"])
        for r in said.of_type("route53/record:Record")
        if not r.name.endswith("-proof")
    }


def parameters(said: Synthesis) -> dict[str, object]:
    spec: dict[str, object] = said["IngressClassParams", "balancer-parameters"].inputs["spec"]
    return {key: value for key, value in spec.items() if key != "certificateARNs"}


def listening(said: Synthesis) -> dict[str, str]:
    words: dict[str, str] = said["Ingress", "api-ingress"].inputs["metadata"]["annotations"]
    return {
        key.partition("/")[2]: value
        for key, value in words.items()
        if key in {f"{WORDS}/listen-ports", f"{WORDS}/ssl-redirect"}
    }


def test_the_domain_leads_to_the_balancer_that_the_cluster_makes() -> None:
    said = balanced()
    record = said["route53/record:Record", "domain-address"]
    assert record.parent == "airfield:aws:Certificate domain"
    assert record.inputs == {
        "name": "api.example.com",
        "type": "A",
        "zoneId": "Z0REHEARSAL",
        "aliases": [{"name": host(said), "zoneId": "Z35SXDOTRQ7X7K", "evaluateTargetHealth": True}],
    }
    assert host(said).startswith("k8s-airfield-api-")
    assert host(said).endswith(".us-east-1.elb.amazonaws.com")
    assert "Ingress api-ingress" in record.waits_for
    assert said.of_type("cloudfront/distribution:Distribution") == []
    assert said.of_type("aws:lb/loadBalancer:LoadBalancer") == []


def test_without_an_edge_everybody_comes_in_and_is_sent_to_tls() -> None:
    assert parameters(balanced()) == {
        "scheme": "internet-facing",
        "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
    }
    assert listening(balanced()) == {
        "listen-ports": '[{"HTTP": 80}, {"HTTPS": 443}]',
        "ssl-redirect": "443",
    }


def test_behind_the_edge_the_domain_leads_there_and_nowhere_else() -> None:
    said = balanced(edge=True)
    assert records(said) == {"edge-a": ("api.example.com", "A"), "edge-aaaa": ("api.example.com", "AAAA")}
    origin = said[DISTRIBUTION].inputs["origins"][0]
    assert (origin["originId"], origin["customOriginConfig"]["originProtocolPolicy"]) == (
        "balancer",
        "https-only",
    )
    assert origin["domainName"] == host(balanced())
    assert origin["customOriginConfig"]["originReadTimeout"] == 60
    assert "Ingress api-ingress" in said[DISTRIBUTION].waits_for
    assert said.outputs["url"] == "https://api.example.com"


def test_behind_the_edge_the_balancer_is_closed_to_everybody_else_and_listens_once() -> None:
    said = balanced(edge=True)
    assert parameters(said) == {
        "scheme": "internet-facing",
        "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
        "prefixListsIDs": ["pl-3b927c52"],
    }
    assert listening(said) == {"listen-ports": '[{"HTTPS": 443}]'}


def test_the_edge_is_the_very_same_as_on_ecs() -> None:
    def of(target: Target) -> dict[str, object]:
        said = balanced(target, edge=True)
        made = {str(r): r.inputs for r in said.resources if "edge" in r.parent or "Cdn" in r.parent}
        inputs = made["aws:cloudfront/distribution:Distribution edge ← airfield:aws:Cdn edge"]
        (balancer, static) = inputs["origins"]
        assert ".elb.amazonaws.com" in balancer["domainName"]
        distribution = inputs | {
            "origins": [{**balancer, "domainName": "balancer"}, static],
            "viewerCertificate": inputs["viewerCertificate"] | {"acmCertificateArn": "certificate"},
        }
        return {**made, "aws:cloudfront/distribution:Distribution edge ← airfield:aws:Cdn edge": distribution}

    assert of("eks") == of("aws")
    assert len(of("eks")) > 5


def taken_over(record: Declared) -> list[tuple[str, str]]:
    """The records in whose place it steps: end of the parent's type, and name."""
    specs = [alias["spec"] for alias in record.options["aliases"]]
    return [(spec["parentUrn"].rpartition("$")[2], spec["name"]) for spec in specs]


@pytest.mark.parametrize(("target", "owner"), [("aws", "api"), ("eks", "domain")])
def test_an_edge_that_comes_or_goes_changes_the_domains_record_in_place(target: Target, owner: str) -> None:
    without = balanced(target)["route53/record:Record", f"{owner}-address"]
    behind = balanced(target, edge=True)["route53/record:Record", "edge-a"]
    assert taken_over(behind) == [(f"airfield:aws:Certificate::{owner}", f"{owner}-address")]
    assert taken_over(without) == [("urn:pulumi:test::airfield::airfield:aws:Cdn::edge", "edge-a")]
    assert {key for key in without.inputs if without.inputs[key] != behind.inputs[key]} == {"aliases"}


@pytest.mark.parametrize(("region", "in_use"), [(HOME, "domain"), (ABROAD, "domain-us-east-1")])
def test_cloudfront_takes_a_certificate_where_it_looks_for_one(region: str, in_use: str) -> None:
    said = balanced(region=region, edge=True)
    made = {r.name: r.inputs.get("region") for r in said.of_type("acm/certificate:Certificate")}
    assert made == {"domain": None} | ({} if region == HOME else {"domain-us-east-1": HOME})
    assert f"CertificateValidation {in_use}-valid" in said[DISTRIBUTION].waits_for
    assert "CertificateValidation domain-valid" in said["IngressClassParams", "balancer-parameters"].waits_for
    assert said["wafv2/webAcl:WebAcl", "edge-firewall"].inputs["region"] == HOME


@pytest.mark.parametrize(
    ("kubernetes", "domain", "answer"),
    [
        ({}, "api.example.com", ["on eks it needs airfield:kubernetes.ingressClass: alb"]),
        (
            {"edge": "gateway", **ALB},
            "api.example.com",
            ["on eks it needs airfield:kubernetes.edge: ingress"],
        ),
        (
            {"edge": "none"},
            "api.example.com",
            ["on eks it needs airfield:kubernetes.edge: ingress and airfield:kubernetes.ingressClass: alb"],
        ),
        (ALB, "", ["needs airfield:domain: CloudFront speaks TLS to the load balancer"]),
        (
            {},
            "",
            [
                "needs airfield:domain: CloudFront speaks TLS to the load balancer",
                "on eks it needs airfield:kubernetes.ingressClass: alb",
            ],
        ),
    ],
)
def test_an_edge_in_front_of_what_is_not_awss_is_refused(
    kubernetes: dict[str, str], domain: str, answer: list[str]
) -> None:
    with pytest.raises(pulumi.RunError) as told:
        synthesise_config(changed(target="eks", kubernetes=kubernetes, domain=domain, aws={"cdn": {}}))
    assert str(told.value).splitlines() == [f"airfield:aws.cdn: {line}" for line in answer]


@pytest.mark.parametrize("kubernetes", [{}, {"edge": "gateway"}, {"edge": "none"}, {"edge": "none", **ALB}])
def test_what_the_cluster_does_not_balance_itself_gets_no_record(kubernetes: dict[str, str]) -> None:
    said = synthesise_config(changed(target="eks", kubernetes=kubernetes))
    assert said.of_type("route53/record:Record") == []
    assert said.of_type("acm/certificate:Certificate") == []


def test_the_edge_of_aws_closes_nothing_in_somebody_elses_cluster() -> None:
    external = {"postgres": {"external": True}, "redis": {"external": True}}
    urls = {"API_KEY": "canary", "DATABASE_URL": "a", "REDIS_URL": "b"}
    said = synthesise_config(
        changed(target="kubernetes", kubernetes=ALB, aws={"cdn": {}}, secrets=urls, **external)
    )
    assert listening(said) == listening(balanced())


@pytest.mark.parametrize(
    ("ingress", "found"),
    [
        (None, ""),
        ([], ""),
        ([IngressLoadBalancerIngress(ip="192.0.2.10")], ""),
        ([IngressLoadBalancerIngress(hostname="a.elb.amazonaws.com")], "a.elb.amazonaws.com"),
    ],
)
def test_a_balancer_has_a_name_once_the_cluster_says_so(
    ingress: list[IngressLoadBalancerIngress] | None, found: str
) -> None:
    status = IngressStatus(load_balancer=IngressLoadBalancerStatus(ingress=ingress))
    assert host_of_load_balancer(status) == found
    assert host_of_load_balancer(None) == ""
