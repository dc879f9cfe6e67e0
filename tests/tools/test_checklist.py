from dataclasses import replace

import pytest

from tests.tools.platform_answers import NEW, OLD
from tools.checklist import Item, Live, Plan, after, before, during
from tools.history import ROLLBACK, Update, previous_image
from tools.probe.suite import Finding
from tools.serving.standing import Standing

PLAN = Plan(
    target="aws",
    config={
        "workloads": {
            "api": {
                "memoryMib": 512,
                "scaling": {"minReplicas": 2},
                "environment": {"LOG_LEVEL": "INFO"},
                "secrets": ["API_KEY"],
                "uses": ["postgres", "redis"],
                "migrate": ["python", "-m", "app", "migrate"],
            }
        },
        "slo": {"availabilityPercent": 99.5, "p95Milliseconds": 300},
    },
    commit="abc1234",
    uncommitted=0,
    declared=[
        "aws:lb/loadBalancer:LoadBalancer",
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "aws:cloudwatch/dashboard:Dashboard",
    ],
)
SERVING = Standing(state="serving", images=(NEW,), evidence="ECS: api:7")
LIVE = Live(
    standings={"api": SERVING},
    smoke=[
        Finding(name="alive", outcome="kept", why="/health says alive"),
        Finding(name="TLS", outcome="not asked", why="the URL is plain HTTP"),
    ],
)


def update(image: str | None, *, message: str = "", succeeded: bool = True) -> Update:
    return Update(message=message, succeeded=succeeded, image=image)


def outcomes(items: list[Item]) -> dict[str, str]:
    return {item.name: item.outcome for item in items}


def evidence(items: list[Item], name: str) -> str:
    return next(item.evidence for item in items if item.name == name)


def test_before_a_deployment_each_item_is_a_check_or_a_question() -> None:
    items = list(before(PLAN))
    assert outcomes(items) == {
        "the commit is what is deployed": "holds",
        "unit and integration tests pass": "ask",
        "security tests pass": "ask",
        "performance tests pass": "ask",
        "configuration": "holds",
        "api: environment variables": "holds",
        "api: secrets": "holds",
        "api: resources": "ask",
        "api: health checks": "holds",
        "database migrated": "holds",
        "cache configured": "holds",
        "load balancer configured": "holds",
        "monitoring declared": "holds",
    }
    assert evidence(items, "api: secrets") == "API_KEY"
    assert evidence(items, "monitoring declared") == "2 × aws:cloudwatch/metricAlarm:MetricAlarm"  # noqa: RUF001
    assert evidence(items, "api: resources") == (
        "is this enough for what is expected: memoryMib 512, minReplicas 2?"
    )


@pytest.mark.parametrize(
    ("plan", "name", "outcome"),
    [
        (replace(PLAN, uncommitted=1), "the commit is what is deployed", "fails"),
        (replace(PLAN, commit=""), "the commit is what is deployed", "ask"),
        (replace(PLAN, mistakes=["airfield:domain: needed"]), "configuration", "fails"),
        (replace(PLAN, declared=[]), "monitoring declared", "ask"),
        (replace(PLAN, declared=[]), "load balancer configured", "ask"),
        (
            replace(PLAN, config={"workloads": {"api": {"uses": ["postgres"]}}}),
            "database migrated",
            "ask",
        ),
    ],
)
def test_what_is_not_there_fails_or_is_asked_for(plan: Plan, name: str, outcome: str) -> None:
    assert outcomes(list(before(plan)))[name] == outcome


def test_during_a_deployment_the_platform_and_the_api_are_the_evidence() -> None:
    items = list(during(PLAN, LIVE))
    assert outcomes(items) == {
        "api: image built and pushed": "holds",
        "api: containers updated, rolling update complete": "holds",
        "smoke test: alive": "holds",
        "metrics normal": "ask",
        "logs without errors": "ask",
    }
    assert evidence(items, "api: image built and pushed") == NEW
    assert "p95 under 300 ms" in evidence(items, "metrics normal")


def test_a_deployment_that_does_not_serve_fails() -> None:
    stuck = Live(
        standings={"api": Standing(state="stuck", images=(), evidence="ECS")},
        smoke=[Finding(name="alive", outcome="broken", why="503")],
    )
    assert outcomes(list(during(PLAN, stuck))) == {
        "api: image built and pushed": "fails",
        "api: containers updated, rolling update complete": "fails",
        "smoke test: alive": "fails",
        "metrics normal": "ask",
        "logs without errors": "ask",
    }


def test_after_a_deployment_there_is_a_way_back() -> None:
    first = list(after(PLAN, LIVE))
    assert outcomes(first) == {
        "alerts configured": "holds",
        "dashboards updated": "holds",
        "service levels watched": "holds",
        "previous version available": "fails",
        "rollback tested": "ask",
        "team notified": "ask",
    }
    practised = replace(LIVE, history=[update(OLD, message=f"{ROLLBACK}{NEW}"), update(NEW), update(OLD)])
    assert outcomes(list(after(PLAN, practised)))["rollback tested"] == "holds"
    second = list(after(PLAN, replace(LIVE, history=[update(NEW), update(OLD)])))
    assert outcomes(second)["previous version available"] == "holds"
    assert evidence(second, "previous version available") == OLD


@pytest.mark.parametrize(
    ("history", "previous"),
    [
        ([], None),
        ([update(NEW)], None),
        ([update(NEW), update(OLD)], OLD),
        ([update(NEW), update(NEW), update(OLD)], OLD),
        ([update(NEW), update("third", succeeded=False), update(OLD)], OLD),
        ([update(NEW, succeeded=False), update(OLD)], OLD),
        ([update(OLD, message=f"{ROLLBACK}{NEW}"), update(NEW), update(OLD)], None),
        ([update(OLD, message=f"{ROLLBACK}{NEW}"), update(NEW), update(OLD), update("first")], "first"),
        ([update(NEW), update(None)], None),
    ],
    ids=[
        "nothing",
        "one",
        "two",
        "twice the same",
        "one that failed",
        "the last one failed",
        "left already",
        "left, with an older one",
        "none before",
    ],
)
def test_a_stack_goes_back_to_what_was_well_and_not_to_what_it_left(
    history: list[Update], previous: str | None
) -> None:
    assert previous_image(history) == previous
