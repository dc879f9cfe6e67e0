"""A picture shows who calls and uses what, and where secrets go, on every platform alike."""

from dataclasses import replace
from itertools import pairwise

import pytest

from infra.portability import Target
from tests.committed import landed
from tests.pictures import README, TARGETS, example, example_config, picture_file, readme
from tests.synth import synthesise_config
from tools.declared import Graph
from tools.picture.drawing import Box, Drawing, marked
from tools.picture.reading import drawing
from tools.picture.svg import svg

FRONTS: dict[Target, list[str]] = {
    "aws": ["api (Load balancer)"],
    "eks": [],
    "gcp": ["api (Edge)"],
    "kubernetes": [],
    "swarm": ["edge"],
}
KINDS: dict[Target, str] = {
    "aws": "Fargate service",
    "eks": "Deployment",
    "gcp": "Cloud Run service",
    "kubernetes": "Deployment",
    "swarm": "Swarm service",
}


def arrows(of: Drawing) -> set[tuple[str, str, str]]:
    """Source, target and what is carried, by titles; with the kind where two boxes share one."""
    titles = [box.title for box in of.boxes]
    name = {
        box.key: f"{box.title} ({box.kind})" if titles.count(box.title) > 1 else box.title for box in of.boxes
    }
    return {(name[each.source], name[each.target], each.carries) for each in of.arrows}


def box(of: Drawing, title: str, role: str = "") -> Box:
    (found,) = (b for b in (*of.boxes, *of.beside) if b.title == title and role in {"", b.role})
    return found


@pytest.mark.parametrize("target", TARGETS)
def test_requests_and_secrets_go_the_same_way_on_every_platform(target: Target) -> None:
    api = f"api ({KINDS[target]})" if target in {"aws", "gcp"} else "api"
    way = ["Internet", *FRONTS[target], api]
    assert arrows(example(target)) == {
        *((source, after, "request") for source, after in pairwise(way)),
        (api, "prices", "request"),
        (api, "database", "request"),
        (api, "cache", "request"),
        ("database", "secrets", "secret"),
        ("cache", "secrets", "secret"),
        ("secrets", api, "secret"),
    }


@pytest.mark.parametrize("target", TARGETS)
def test_boxes_say_what_they_are(target: Target) -> None:
    drawn = example(target)
    api, replicas = (
        box(drawn, "api", "workload"),
        "2, which nothing scales" if target == "swarm" else "2 to 10",
    )
    assert (api.kind, api.notes) == (
        KINDS[target],
        (f"replicas: {replicas}", "reads API_KEY, DATABASE_URL, REDIS_URL"),
    )
    assert box(drawn, "Internet").notes == ("https://api.example.com",)
    assert box(drawn, "secrets").notes == ("API_KEY", "DATABASE_URL", "REDIS_URL")
    assert box(drawn, "database").notes[0].startswith("PostgreSQL 17")


@pytest.mark.parametrize("target", TARGETS)
def test_every_resource_is_in_one_box_and_every_component_in_the_picture(target: Target) -> None:
    drawn = example(target)
    resources = synthesise_config(example_config(target)).resources
    own = {
        f"{each.type} {each.name}"
        for each in resources
        if not each.type.startswith(("airfield:", "pulumi:"))
        and (each.parent or not each.type.startswith("random:"))
    }
    boxes = [b for b in (*drawn.boxes, *drawn.beside) if b.key != "secrets" or b.kind != "Kubernetes Secrets"]
    held = [name for b in boxes for name in b.holds]
    assert sorted(held) == sorted(own)


def test_a_gateway_stands_above_those_that_it_calls() -> None:
    assert arrows(drawing(Graph(landed("orders", "kubernetes").resources), "orders", "kubernetes")) >= {
        ("Internet", "gateway", "request"),
        ("gateway", "orders", "request"),
        ("gateway", "payments", "request"),
        ("gateway", "stock", "request"),
    }


def test_a_store_that_somebody_else_runs_is_drawn_without_a_way_for_its_secret() -> None:
    config = {
        **example_config("aws"),
        "airfield:postgres": {"external": True},
        "airfield:secrets": {"API_KEY": "canary", "DATABASE_URL": "postgresql://user:canary@elsewhere/db"},
    }
    drawn = drawing(Graph(synthesise_config(config).resources), "example", "aws")
    assert box(drawn, "PostgreSQL").below_title == "run by somebody else"
    assert ("api (Fargate service)", "PostgreSQL", "request") in arrows(drawn)
    assert not [each for each in arrows(drawn) if each[0] == "PostgreSQL"]


def test_a_stack_that_the_internet_does_not_meet_has_no_internet() -> None:
    config = {
        "airfield:target": "kubernetes",
        "airfield:image": "api",
        "airfield:workloads": {"api": {"calls": ["api-2"]}, "api-2": {"calls": ["api"]}},
    }
    drawn = drawing(Graph(synthesise_config(config).resources), "inner", "kubernetes")
    assert arrows(drawn) == {("api", "api-2", "request"), ("api-2", "api", "request")}
    assert svg(drawn)


def test_no_value_of_a_secret_is_drawn() -> None:
    assert not [target for target in TARGETS if "canary" in svg(example(target))]


@pytest.mark.parametrize("target", TARGETS)
def test_the_pictures_are_current(target: Target) -> None:
    assert picture_file(target).read_text(encoding="utf-8") == svg(example(target))


def test_the_picture_in_the_readme_is_current() -> None:
    text = README.read_text(encoding="utf-8")
    assert text == readme(text)
    assert "```mermaid" in text


def a_box(*names: str) -> Drawing:
    one = Box(key="k", title="t", role="workload", holds=frozenset(names))
    return Drawing(title="", boxes=[one], arrows=[], beside=[replace(one, key="b")])


@pytest.mark.parametrize(
    ("operations", "mark"),
    [
        ({}, None),
        ({"a": "same", "b": "same"}, None),
        ({"a": "create", "b": "create"}, "added"),
        ({"a": "create"}, "changed"),
        ({"a": "update"}, "changed"),
        ({"a": "delete", "b": "delete"}, "removed"),
        ({"a": "delete"}, "changed"),
        ({"a": "replace"}, "replaced"),
        ({"a": "replace", "b": "delete"}, "replaced"),
        ({"a": "create", "b": "delete"}, "changed"),
        ({"elsewhere": "delete"}, None),
    ],
)
def test_a_box_is_marked_with_what_happens_to_what_it_holds(
    operations: dict[str, str], mark: str | None
) -> None:
    drawn = marked(a_box("a", "b"), operations)
    assert [each.mark for each in (*drawn.boxes, *drawn.beside)] == [mark, mark]
