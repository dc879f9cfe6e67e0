"""Reads rights from Google Cloud's bindings of roles. Pure."""

import re
from collections.abc import Iterator

from tools.access.grant import Grant
from tools.declared import Body, Graph

KEYS = ("secretId", "serviceAccountId", "bucket", "repository", "cryptoKeyId", "name", "service", "project")
"""What a binding hangs on, the narrowest first."""


def on_google(graph: Graph) -> Iterator[Grant]:
    """Every right that is declared."""
    for each in graph.resources:
        if each.type.startswith("gcp:") and "role" in each.inputs:
            members = each.inputs.get("members") or [each.inputs["member"]]
            for member in members:
                yield Grant(_who(str(member)), str(each.inputs["role"]), _on(each.type, each.inputs))


def _on(kind: str, inputs: Body) -> str:
    """As in `secret API_KEY-7e4e`; what has no noun of its own is an account's binding or the project's."""
    noun = re.sub("I(am|AM)(Member|Binding)$", "", kind.rpartition(":")[2]).lower()
    found = next((str(inputs[key]) for key in KEYS if inputs.get(key)), "the project")
    return f"{noun or ('account' if 'serviceAccountId' in inputs else 'project')} {_last(found)}"


def _last(identity: str) -> str:
    return identity.rpartition("/")[2].partition("@")[0]


def _who(member: str) -> str:
    """Service accounts by what stands before the project's domain."""
    return member.partition("@")[0] if member.startswith("serviceAccount:") else member
