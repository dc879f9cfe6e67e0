"""A password that is drawn reaches what it opens and the platform's store of secrets, and nothing else."""

import json
from base64 import b64encode
from typing import Any
from urllib.parse import quote

import pytest

from tests.committed import landed
from tests.graphs import combinations
from tests.infra.test_secrets import without_secrets
from tests.synth import STAND_INS, Synthesis
from tools.standin.resource import Resource

OPENS = {
    "aws": {
        ("rds/instance:Instance", "password"),
        ("elasticache/replicationGroup:ReplicationGroup", "authToken"),
        ("secretsmanager/secretVersion:SecretVersion", "secretString"),
    },
    "gcp": {
        ("sql/user:User", "password"),
        ("secretmanager/secretVersion:SecretVersion", "secretData"),
    },
    "kubernetes": {("core/v1:Secret", "stringData")},
    "swarm": {("index/secret:Secret", "data")},
}
OPENS["eks"] = OPENS["aws"] | OPENS["kubernetes"]
SECRET_OUTPUTS = {
    "random:index/randomPassword:RandomPassword": "result",
    "gcp:redis/instance:Instance": "authString",
}
"""What a provider draws, by type."""


def drawn(said: Synthesis) -> list[str]:
    """Every password of the stack, and how it reads in a URL, or encoded."""
    found: list[str] = []
    for each in said.resources:
        if each.type in SECRET_OUTPUTS:
            resource = Resource(
                type=each.type, name=each.name, urn=each.name, inputs=each.inputs, provider={}, fixed={}
            )
            stand_in = STAND_INS[each.type.partition(":")[0]]
            found.append(str(stand_in.computed(resource)[SECRET_OUTPUTS[each.type]]))
    return [
        form for word in found for form in (word, quote(word, safe=""), b64encode(word.encode()).decode())
    ]


def heard(said: Synthesis, value: Any) -> bool:  # noqa: ANN401  any part of what was said
    text = json.dumps(value)
    return any(word in text for word in drawn(said))


@pytest.mark.parametrize(("stack", "target"), combinations())
def test_a_drawn_password_is_where_it_is_needed_and_secret_there(stack: str, target: str) -> None:
    said = landed(stack, target)
    places = {
        (each.type.partition(":")[2], key)
        for each in said.resources
        for key, value in each.inputs.items()
        if heard(said, value)
    }
    assert places <= OPENS[target]
    assert bool(places) == bool(drawn(said))
    told = [[each.options, without_secrets(each.inputs)] for each in said.resources]
    # Mocks open every output; that `passwords` is a secret one, tests/tools/test_stacks.py sees.
    outputs = {name: value for name, value in said.outputs.items() if name != "passwords"}
    assert not heard(said, [told, outputs, said.warnings])


def test_the_stack_with_data_stores_draws_passwords_on_every_platform() -> None:
    # Rendered manifests hold none: the Secrets exist.
    assert {target for target in OPENS if drawn(landed("dev", target))} == {"aws", "eks", "gcp", "swarm"}
