"""Who may talk to whom is what `public`, `calls` and `uses` say, and every word of a policy matters."""

from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any

import pytest

from tests.infra.kubernetes.everything import ALL, manifests
from tests.infra.kubernetes.manifests import Manifest
from tests.infra.kubernetes.promises import promised, workloads_of
from tests.infra.kubernetes.traffic import (
    OUTSIDE,
    PEERS,
    Direction,
    Party,
    Path,
    binds,
    insiders,
    open_paths,
    policies_of,
)

SENDERS = [party for party in OUTSIDE if party.name != "metadata"]
DIRECTIONS: tuple[Direction, ...] = ("Egress", "Ingress")


@cache
def inside(stack: str) -> list[Party]:
    return insiders(manifests(stack))


@cache
def met(stack: str, direction: Direction) -> list[Party]:
    return [*inside(stack), *(OUTSIDE if direction == "Egress" else SENDERS)]


def paths(stack: str, direction: Direction) -> set[Path]:
    """What all pods of the namespace may send, or may be sent, as far as their own policies go."""
    policies = policies_of(manifests(stack))
    everyone = met(stack, direction)
    return {path for party in inside(stack) for path in open_paths(policies, party, direction, everyone)}


@cache
def promised_to(stack: str, party: str, direction: Direction) -> set[Path]:
    return {path for path in promised(stack) if path[DIRECTIONS.index(direction)] == party}


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("stack", ALL)
def test_exactly_the_promised_paths_are_open(stack: str, direction: Direction) -> None:
    expected = {path for party in inside(stack) for path in promised_to(stack, party.name, direction)}
    assert paths(stack, direction) == expected


@pytest.mark.parametrize("stack", ALL)
def test_nobody_reaches_the_metadata_address(stack: str) -> None:
    assert [path for path in paths(stack, "Egress") if path[1] == "metadata"] == []


@pytest.mark.parametrize("stack", ALL)
def test_every_change_of_a_policy_changes_who_may_talk_to_whom(stack: str) -> None:
    tried = [
        (policy["metadata"]["name"], what, is_seen(stack, policy, changed))
        for policy in policies_of(manifests(stack))
        for what, changed in mutants(policy)
    ]
    assert [(name, what) for name, what, seen in tried if not seen] == []
    assert len(tried) >= 10 * len(workloads_of(stack))


def is_seen(stack: str, original: Manifest, changed: Manifest | None) -> bool:
    """Whether a pod may send, or be sent, other than promised once one policy is another."""
    kept = [policy for policy in policies_of(manifests(stack)) if policy is not original]
    policies = [*kept, *([changed] if changed else [])]
    return any(
        open_paths(policies, party, direction, met(stack, direction))
        != promised_to(stack, party.name, direction)
        for party in inside(stack)
        for direction in DIRECTIONS
        if any(binds(policy, party, direction) for policy in (original, changed) if policy)
    )


def mutants(policy: Manifest) -> Iterator[tuple[str, Manifest | None]]:
    """A policy with one thing dropped or widened, many times."""
    yield "gone", None
    if policy["spec"]["podSelector"]:
        yield "for every pod", edited(policy, ["podSelector"], {})
    for direction in DIRECTIONS:
        key = direction.lower()
        rules: list[Manifest] = policy["spec"].get(key, [])
        if rules:
            types = [each for each in policy["spec"]["policyTypes"] if each != direction]
            yield f"silent on {key}", edited(policy, ["policyTypes"], types)
        for index, rule in enumerate(rules):
            without = [each for each in rules if each is not rule]
            yield f"{key} {index}: no such rule", edited(policy, [key], without)
            for what, changed in rule_mutants(rule, PEERS[direction]):
                yield f"{key} {index}: {what}", edited(policy, [key, index], changed)


def rule_mutants(rule: Manifest, key: str) -> Iterator[tuple[str, Manifest]]:
    yield "anybody", {name: value for name, value in rule.items() if name != key}
    yield "any port", {name: value for name, value in rule.items() if name != "ports"}
    for index, port in enumerate(rule["ports"]):
        yield f"port {index} is another", edited(rule, ["ports", index, "port"], port["port"] + 1)
        if len(rule["ports"]) > 1:
            yield (
                f"no port {index}",
                edited(rule, ["ports"], rule["ports"][:index] + rule["ports"][index + 1 :]),
            )
    for index, peer in enumerate(rule[key]):
        for selector in ("podSelector", "namespaceSelector"):
            if selector in peer:
                yield f"{selector} {index}: all", edited(rule, [key, index, selector], {})
        if "except" in peer.get("ipBlock", {}):
            yield f"no exception {index}", edited(rule, [key, index, "ipBlock", "except"], [])
        if len(rule[key]) > 1:
            yield f"no peer {index}", edited(rule, [key], rule[key][:index] + rule[key][index + 1 :])


def edited(original: Manifest, path: list[str | int], value: object) -> Manifest:
    """A copy with another value at a path, below `spec` where the original is a policy."""
    copy: Any = deepcopy(original)
    place = copy.get("spec", copy)
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return copy


SHOP_PATHS = {
    ("traefik", "web", 8000),
    ("the cluster's prometheus", "web", 8000),
    ("web", "order-api", 9000),
    ("order-api", "mail", 8000),
    ("the cluster's prometheus", "mail", 8000),
    ("traefik", "solver", 8089),
}


def test_the_shop_in_full() -> None:
    assert {path[:3] for path in paths("shop", "Ingress")} == SHOP_PATHS
    out = {(source, port) for source, target, port, _ in paths("shop", "Egress") if target == "internet"}
    assert out == {
        *((name, 443) for name in ("web", "order-api", "mail")),
        ("order-api", 5432),
        ("order-api", 6379),
        ("mail", 6379),
    }


@pytest.mark.parametrize("stack", ALL)
def test_no_list_of_rules_is_empty_which_would_be_another_policy_at_each_apply(stack: str) -> None:
    specs = {each["metadata"]["name"]: each["spec"] for each in policies_of(manifests(stack))}
    assert [name for name, spec in specs.items() if [] in (spec.get("ingress"), spec.get("egress"))] == []
