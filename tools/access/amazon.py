"""Reads rights from AWS's policies, and from EKS's own entries. Pure."""

import json
from collections.abc import Iterator
from typing import Any, cast

from tools.access.grant import SUFFIX, Grant
from tools.declared import Body, Declared, Graph

ON_ITSELF = {
    "aws:iam/role:Role": "assumeRolePolicy",
    "aws:kms/key:Key": "policy",
    "aws:s3/bucketPolicy:BucketPolicy": "policy",
    "aws:sns/topicPolicy:TopicPolicy": "policy",
    "aws:ecr/repositoryPolicy:RepositoryPolicy": "policy",
    "aws:secretsmanager/secretPolicy:SecretPolicy": "policy",
}
"""Policies that name who, and of which `*` is the resource that they hang on."""


def on_amazon(graph: Graph) -> Iterator[Grant]:
    """Every right that is declared."""
    for each in graph.resources:
        if each.type in ON_ITSELF and each.inputs.get(ON_ITSELF[each.type]):
            yield from _on_itself(each, each.inputs[ON_ITSELF[each.type]])
        elif each.type == "aws:iam/rolePolicy:RolePolicy":
            yield from _of_role(_name(each.inputs["role"]), each.inputs["policy"])
        elif each.type == "aws:iam/rolePolicyAttachment:RolePolicyAttachment":
            policy = str(each.inputs["policyArn"]).rpartition("/")[2]
            yield Grant(_name(each.inputs["role"]), policy, "what AWS's policy of that name says")
        else:
            yield from _on_cluster(each)


def _on_cluster(each: Declared) -> Iterator[Grant]:
    if each.type == "aws:eks/addon:Addon":
        for pod in each.inputs.get("podIdentityAssociations", []):
            yield Grant(
                f"pods of {pod['serviceAccount']}", "sts:AssumeRole", f"role {_name(_last(pod['roleArn']))}"
            )
    if each.type == "aws:eks/accessPolicyAssociation:AccessPolicyAssociation":
        policy = str(each.inputs["policyArn"]).rpartition("/")[2]
        yield Grant(str(each.inputs["principalArn"]), policy, "the cluster")


def _statements(document: object) -> Iterator[Body]:
    for statement in cast("list[Body]", json.loads(str(document))["Statement"]):
        if statement["Effect"] == "Allow":
            yield statement


def _of_role(role: str, document: object) -> Iterator[Grant]:
    for statement in _statements(document):
        for action in _listed(statement["Action"]):
            for resource in _listed(statement["Resource"]):
                yield Grant(role, action, resource)


def _on_itself(each: Declared, document: object) -> Iterator[Grant]:
    kind = each.type.rpartition(":")[2].removesuffix("Policy").lower()
    for statement in _statements(document):
        principals = statement["Principal"]
        named = (
            [principals]
            if isinstance(principals, str)
            else [who for group in principals.values() for who in _listed(group)]
        )
        for who in named:
            # A condition that names who is asked for, such as one distribution, narrows everybody to it.
            for action in _listed(statement["Action"]):
                yield Grant(_who(who), action, f"{kind} {each.name.removesuffix('-policy')}")


def _who(principal: str) -> str:
    return "the account" if principal.endswith(":root") else principal


def _listed(value: Any) -> list[str]:  # noqa: ANN401  one or several, as IAM has it
    return [value] if isinstance(value, str) else list(value)


def _last(arn: str) -> str:
    return arn.rpartition("/")[2]


def _name(role: object) -> str:
    return SUFFIX.sub("", str(role))
