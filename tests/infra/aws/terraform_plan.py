"""What a program declares on AWS, in the words of a Terraform plan: public rule sets read those. Pure.

https://developer.hashicorp.com/terraform/internals/json-format
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from tests.synth import STAND_INS, Declared, Synthesis
from tools.standin.resource import Resource

UNLIKE_THEIR_TOKEN = {
    "aws:appautoscaling/policy:Policy": "aws_appautoscaling_policy",
    "aws:appautoscaling/target:Target": "aws_appautoscaling_target",
    "aws:cloudwatch/logGroup:LogGroup": "aws_cloudwatch_log_group",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": "aws_default_security_group",
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "aws_iam_openid_connect_provider",
    "aws:lb/loadBalancer:LoadBalancer": "aws_lb",
    "aws:rds/instance:Instance": "aws_db_instance",
    "aws:rds/parameterGroup:ParameterGroup": "aws_db_parameter_group",
    "aws:rds/subnetGroup:SubnetGroup": "aws_db_subnet_group",
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": (
        "aws_service_discovery_private_dns_namespace"
    ),
    "aws:servicediscovery/service:Service": "aws_service_discovery_service",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "aws_vpc_security_group_egress_rule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "aws_vpc_security_group_ingress_rule",
}
WITHOUT_MODULE = frozenset({"ec2"})
"""Modules of Pulumi's whose name Terraform's types do not carry."""
MAPS = frozenset({"attribute_mapping", "dimensions", "tags", "tags_all", "variables"})
"""Keys whose values are maps, not blocks."""


def plan(said: Synthesis) -> dict[str, Any]:
    """The plan that would make everything of AWS's in it."""
    declared = [resource for resource in said.resources if resource.type.startswith("aws:")]
    known = identities(declared)
    made = [(head(each), block(each.inputs), expressions(each, known)) for each in declared]
    return {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "planned_values": {"root_module": {"resources": [{**h, "values": v} for h, v, _ in made]}},
        "resource_changes": [
            {**h, "change": {"actions": ["create"], "before": None, "after": v}} for h, v, _ in made
        ],
        "configuration": {"root_module": {"resources": [{**h, "expressions": e} for h, _, e in made]}},
    }


def head(declared: Declared) -> dict[str, str]:
    """How a plan begins each resource."""
    return {
        "address": address(declared),
        "mode": "managed",
        "type": terraform_type(declared.type),
        "name": name(declared),
        "provider_name": "registry.terraform.io/hashicorp/aws",
    }


def terraform_type(token: str) -> str:
    """`aws:ec2/vpcEndpoint:VpcEndpoint` → `aws_vpc_endpoint`."""
    if token in UNLIKE_THEIR_TOKEN:
        return UNLIKE_THEIR_TOKEN[token]
    _, member, kind = token.split(":")
    module = member.partition("/")[0]
    return "_".join(["aws", *([] if module in WITHOUT_MODULE else [module]), snake(kind)])


def name(declared: Declared) -> str:
    """Terraform's names know no dot."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", declared.name)


def address(declared: Declared) -> str:
    """How one resource of a plan names another."""
    return f"{terraform_type(declared.type)}.{name(declared)}"


def snake(camel: str) -> str:
    """`logDeliveryConfigurations` → `log_delivery_configurations`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", camel).lower()


def block(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Inputs in snake case; where Pulumi has an object or a plural, Terraform has repeated blocks."""
    values: dict[str, Any] = {}
    for camel, value in inputs.items():
        key = snake(camel)
        shown = revealed(value)
        match shown:
            case dict() if key not in MAPS:
                values[key] = [block(cast("dict[str, Any]", shown))]
            case [dict(), *_]:
                inner = [block(each) for each in cast("list[dict[str, Any]]", shown)]
                values[singular(key)] = inner
            case _:
                values[key] = shown
    return values


def singular(key: str) -> str:
    """`default_actions` → `default_action`."""
    if key.endswith("ies"):
        return f"{key[:-3]}y"
    return key[:-2] if key.endswith("ases") else key.removesuffix("s")


def revealed(value: Any) -> Any:  # noqa: ANN401
    """A value without the mark of a secret."""
    match value:
        case {"secret": inner, **others} if not others:
            return inner
        case _:
            return value


def identities(declared: list[Declared]) -> dict[str, str]:
    """Address of each resource, by the ids and ARNs that others know it by."""
    known: dict[str, str] = {}
    for each in declared:
        made = Resource(
            type=each.type, name=each.name, urn=each.name, inputs=each.inputs, provider={}, fixed={}
        )
        stand_in = STAND_INS["aws"]
        for text in (stand_in.identity(made), str(stand_in.computed(made).get("arn"))):
            known.setdefault(text, address(each))
    return known


def expressions(declared: Declared, known: Mapping[str, str]) -> dict[str, Any]:
    """Which other resources each input names."""
    found: dict[str, Any] = {}
    for camel, value in declared.inputs.items():
        named = sorted({where for text in texts(value) for id_, where in known.items() if id_ == text})
        if named:
            found[snake(camel)] = {"references": [part for where in named for part in (f"{where}.id", where)]}
    return found


def texts(value: object) -> Iterator[str]:
    """Every text in a value."""
    match value:
        case str():
            yield value
        case dict():
            for inner in cast("dict[str, object]", value).values():
                yield from texts(inner)
        case list():
            for inner in cast("list[object]", value):
                yield from texts(inner)
        case _:
            return
