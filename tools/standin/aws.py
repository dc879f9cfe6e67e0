"""Stands in for the AWS provider: plausible ids, ARNs and addresses. Reaches no account."""

import json
from collections.abc import Callable, Mapping
from typing import cast

from tools.standin.provider import StandIn
from tools.standin.resource import Resource
from tools.standin.wire import Json, Properties

ACCOUNT = "111122223333"
_CALLER = f"arn:aws:iam::{ACCOUNT}:user/rehearsal"
_DEFAULT_REGION = "us-east-1"
_ZONE_ID = "Z0REHEARSAL"
_BALANCERS_ZONE_ID = "Z35SXDOTRQ7X7K"
"""https://docs.aws.amazon.com/general/latest/gr/elb.html"""
_ID_PREFIX: Mapping[str, str] = {
    "Eip": "eipalloc",
    "EgressOnlyInternetGateway": "eigw",
    "FlowLog": "fl",
    "InternetGateway": "igw",
    "LaunchTemplate": "lt",
    "NatGateway": "nat",
    "NetworkAcl": "acl",
    "Route": "r",
    "RouteTable": "rtb",
    "RouteTableAssociation": "rtbassoc",
    "SecurityGroup": "sg",
    "SecurityGroupEgressRule": "sgr",
    "SecurityGroupIngressRule": "sgr",
    "SecurityGroupRule": "sgrule",
    "Subnet": "subnet",
    "Vpc": "vpc",
    "VpcEndpoint": "vpce",
}
_SERVICE: Mapping[str, str] = {
    "alb": "elasticloadbalancing",
    "appautoscaling": "application-autoscaling",
    "cloudwatchevent": "events",
    "lb": "elasticloadbalancing",
}
_IDENTIFIED_BY_ARN = frozenset(
    ("Certificate", "Listener", "ListenerRule", "LoadBalancer", "Secret", "TargetGroup", "Topic")
)


def _region(resource: Resource) -> str:
    return str(resource.inputs.get("region") or resource.provider.get("region") or _DEFAULT_REGION)


def _arn(resource: Resource) -> str:
    service = "logs" if resource.kind == "LogGroup" else _SERVICE.get(resource.module, resource.module)
    region = "" if service in {"cloudfront", "iam"} else _region(resource)
    path = f"{resource.kind.lower()}/{_physical_name(resource)}"
    if service == "s3":
        return f"arn:aws:s3:::{_physical_name(resource)}"
    if resource.kind == "TaskDefinition":
        path = f"task-definition/{_physical_name(resource)}:{_revision(resource)}"
    elif resource.kind in _IDENTIFIED_BY_ARN:
        path = f"{path}/{resource.digest[:16]}"
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{path}"


def _revision(resource: Resource) -> int:
    return int(resource.digest[:4], 16)


def _physical_name(resource: Resource) -> str:
    if resource.kind == "TaskDefinition":
        return str(resource.inputs["family"])
    for key in ("name", "identifier", "bucket", "clusterIdentifier", "replicationGroupId"):
        if resource.inputs.get(key):
            return str(resource.inputs[key])
    return resource.physical_name


def _host(resource: Resource, service: str) -> str:
    return f"{_physical_name(resource)}.{resource.digest[:12]}.{_region(resource)}.{service}.amazonaws.com"


def _certificate(resource: Resource) -> Properties:
    names = [
        resource.inputs.get("domainName"),
        *cast("list[Json]", resource.inputs.get("subjectAlternativeNames") or []),
    ]
    return {
        "domainValidationOptions": [
            {
                "domainName": name,
                "resourceRecordName": f"_{resource.digest[:32]}.{name}.",
                "resourceRecordType": "CNAME",
                "resourceRecordValue": f"_{resource.digest[32:]}.acm-validations.aws.",
            }
            for name in names
        ]
    }


def _cluster(resource: Resource) -> Properties:
    if resource.module != "eks":
        return {}
    issuer = f"https://oidc.eks.{_region(resource)}.amazonaws.com/id/{resource.digest[:32].upper()}"
    return {
        "endpoint": f"https://{resource.digest[:32].upper()}.gr7.{_region(resource)}.eks.amazonaws.com",
        "certificateAuthority": {"data": "c3RhbmQtaW4="},
        "certificateAuthorities": [{"data": "c3RhbmQtaW4="}],
        "identities": [{"oidcs": [{"issuer": issuer}]}],
    }


_COMPUTED: Mapping[str, Callable[[Resource], Properties]] = {
    "Bucket": lambda resource: {
        "bucket": _physical_name(resource),
        "bucketRegionalDomainName": f"{_physical_name(resource)}.s3.{_region(resource)}.amazonaws.com",
    },
    "Certificate": _certificate,
    "Cluster": _cluster,
    "Eip": lambda resource: {"publicIp": "198.51.100.10", "allocationId": f"eipalloc-{resource.digest[:17]}"},
    "Instance": lambda resource: {
        "address": _host(resource, "rds"),
        "endpoint": f"{_host(resource, 'rds')}:5432",
        "masterUserSecrets": [{"secretArn": f"{_arn(resource)}-master", "secretStatus": "active"}],
        "port": 5432,
        "resourceId": f"db-{resource.digest[:26].upper()}",
    },
    "LoadBalancer": lambda resource: {
        "dnsName": _host(resource, "elb"),
        "arnSuffix": f"app/{_physical_name(resource)}/{resource.digest[:16]}",
        "zoneId": _BALANCERS_ZONE_ID,
    },
    "ReplicationGroup": lambda resource: {
        "primaryEndpointAddress": _host(resource, "cache"),
        "readerEndpointAddress": _host(resource, "cache"),
        "port": 6379,
    },
    "Repository": lambda resource: {
        "repositoryUrl": f"{ACCOUNT}.dkr.ecr.{_region(resource)}.amazonaws.com/{_physical_name(resource)}"
    },
    "Role": lambda resource: {"uniqueId": f"AROA{resource.digest[:17].upper()}"},
    "SecretVersion": lambda resource: {"versionId": resource.digest[:32]},
    "TargetGroup": lambda resource: {
        "arnSuffix": f"targetgroup/{_physical_name(resource)}/{resource.digest[:16]}"
    },
    "TaskDefinition": lambda resource: {
        "revision": _revision(resource),
        "arnWithoutRevision": _arn(resource).rpartition(":")[0],
    },
    "Vpc": lambda resource: {
        "defaultSecurityGroupId": f"sg-{resource.digest[:17]}",
        "mainRouteTableId": f"rtb-{resource.digest[:17]}",
    },
    "Zone": lambda resource: {"zoneId": f"Z{resource.digest[:20].upper()}"},
}


def _zones(region: str) -> Properties:
    letters = "abc"
    return {
        "id": region,
        "names": [f"{region}{letter}" for letter in letters],
        "zoneIds": [f"{region}-az{index + 1}" for index in range(len(letters))],
        "state": "available",
    }


def _policy_document(arguments: Properties) -> Properties:
    statements = cast("list[Properties]", arguments.get("statements") or [])
    document = {"Version": "2012-10-17", "Statement": statements}
    return {"id": "0", "json": json.dumps(document, sort_keys=True)}


class Aws(StandIn):
    """Any resource of the classic AWS provider."""

    package = "aws"

    def identity(self, resource: Resource) -> str:
        """`vpc-0123…`, an ARN, or the name, as the resource's kind has it."""
        if resource.kind in _ID_PREFIX:
            return f"{_ID_PREFIX[resource.kind]}-{resource.digest[:17]}"
        return _arn(resource) if resource.kind in _IDENTIFIED_BY_ARN else _physical_name(resource)

    def computed(self, resource: Resource) -> Properties:
        """An ARN and a name always, and what the kind is known for."""
        special = _COMPUTED.get(resource.kind)
        return {
            "arn": _arn(resource),
            "name": _physical_name(resource),
            "region": _region(resource),
            **(special(resource) if special else {}),
        }

    def answer(self, token: str, arguments: Properties, settings: Properties) -> Properties:
        """Regions, zones and who asks."""
        region = str(arguments.get("region") or settings.get("region") or _DEFAULT_REGION)
        answers: dict[str, Callable[[], Properties]] = {
            "getAvailabilityZones": lambda: _zones(region),
            "getCallerIdentity": lambda: {"id": ACCOUNT, "accountId": ACCOUNT, "arn": _CALLER},
            "getHostedZoneId": lambda: {"id": _BALANCERS_ZONE_ID},
            "getManagedPrefixList": lambda: {"id": "pl-3b927c52", "name": str(arguments["name"])},
            "getPartition": lambda: {"id": "aws", "partition": "aws", "dnsSuffix": "amazonaws.com"},
            "getPolicyDocument": lambda: _policy_document(arguments),
            "getRegion": lambda: {"id": region, "name": region, "region": region},
            "getZone": lambda: {"id": _ZONE_ID, "zoneId": _ZONE_ID, "name": str(arguments["name"])},
        }
        function = token.rpartition(":")[2]
        if function in answers:
            return answers[function]()
        return super().answer(token, arguments, settings)
