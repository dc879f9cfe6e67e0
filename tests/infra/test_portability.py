"""Every field of the specification is decided on every platform, and a loss is told or refused."""

from collections.abc import Iterator
from typing import get_args

import pulumi
import pytest

from infra.datastores import Postgres, Redis
from infra.model import Model, model_in
from infra.portability import LEDGER, Target
from infra.slo import Slo
from infra.workload import Workload
from tests.synth import synthesise_config

ROOTS: dict[str, type[Model]] = {"workload": Workload, "postgres": Postgres, "redis": Redis, "slo": Slo}
PROD_LIKE: dict[str, object] = {
    "airfield:image": "api",
    "airfield:workloads": {"api": {"public": True, "scaling": {"concurrency": 40}}},
}


def leaves(root: str, model: type[Model]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        inner, _ = model_in(field.annotation)
        yield from leaves(f"{root}.{name}", inner) if inner else [f"{root}.{name}"]


def test_every_field_is_decided_on_every_target() -> None:
    fields = {leaf for root, model in ROOTS.items() for leaf in leaves(root, model)}
    assert set(LEDGER) == fields
    assert {frozenset(verdicts) for verdicts in LEDGER.values()} == {frozenset(get_args(Target))}


def test_whatever_is_not_native_says_why() -> None:
    silent = [
        (field, target)
        for field, verdicts in LEDGER.items()
        for target, verdict in verdicts.items()
        if (verdict.status == "native") == bool(verdict.note)
    ]
    assert silent == []


def test_a_loss_is_told() -> None:
    told = synthesise_config({**PROD_LIKE, "airfield:target": "aws"}).warnings
    assert [line.partition(": ")[0] for line in told if "approximated" in line] == [
        "airfield:workloads.api.scaling.concurrency"
    ]


def test_a_field_that_was_not_set_is_not_told() -> None:
    config = {**PROD_LIKE, "airfield:target": "aws", "airfield:workloads": {"api": {"public": True}}}
    assert [line for line in synthesise_config(config).warnings if "unsupported" in line] == []


def test_a_strict_stack_refuses_a_loss() -> None:
    with pytest.raises(
        pulumi.RunError, match=r"^airfield:workloads\.api\.scaling\.concurrency: approximated"
    ):
        synthesise_config({**PROD_LIKE, "airfield:target": "aws", "airfield:strict": "true"})


def test_a_strict_stack_without_a_loss_is_deployed() -> None:
    declared = synthesise_config(
        {**PROD_LIKE, "airfield:target": "gcp", "airfield:strict": "true", "gcp:project": "acme"}
    )
    assert (
        declared["cloudrunv2/service:Service", "api"].inputs["template"]["maxInstanceRequestConcurrency"]
        == 40
    )


@pytest.mark.parametrize(
    ("edge", "named"),
    [
        ("ingress", "ingress class nginx and a cert-manager issuer letsencrypt-prod"),
        ("gateway", "Gateway gateway in the namespace gateway"),
        ("none", None),
    ],
)
def test_what_leads_a_domain_into_a_new_cluster_is_told_to_be_missing(edge: str, named: str | None) -> None:
    config = {**PROD_LIKE, "airfield:target": "eks", "airfield:domain": "api.example.com"}
    told = synthesise_config({**config, "airfield:kubernetes": {"edge": edge}}).warnings
    expected = (
        "airfield:domain: approximated on eks: the cluster is made without what leads there;"
        f" bring the {named}, and point the domain to its load balancer"
    )
    assert [line for line in told if line.startswith("airfield:domain:")] == ([expected] if named else [])
