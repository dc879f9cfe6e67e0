"""What to look at before, during and after a deployment: each a check with its evidence, or a question.

Pure: judges facts that were gathered elsewhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, cast

from tools.history import ROLLBACK, Update, previous_image
from tools.probe.suite import Finding
from tools.project import Settings
from tools.serving.standing import Standing

Phase: TypeAlias = Literal["before", "during", "after"]
Outcome: TypeAlias = Literal["holds", "fails", "ask"]

_WAYS_IN = {
    "aws:lb/loadBalancer:LoadBalancer",
    "gcp:cloudrunv2/service:Service",
    "kubernetes:networking.k8s.io/v1:Ingress",
    "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
    "airfield:swarm:Edge",
}
_WATCHERS = {
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    "gcp:monitoring/alertPolicy:AlertPolicy",
    "airfield:kubernetes:BundledMonitoring",
    "airfield:kubernetes:OperatedMonitoring",
    "airfield:swarm:Monitoring",
}
_DASHBOARDS = {
    "aws:cloudwatch/dashboard:Dashboard",
    "gcp:monitoring/dashboard:Dashboard",
    "airfield:kubernetes:BundledMonitoring",
    "airfield:swarm:Monitoring",
}
_LOGS = {
    "aws": "aws logs tail GROUP --since 15m --filter-pattern error",
    "gcp": "gcloud logging read 'severity>=ERROR' --freshness 15m",
    "eks": "kubectl logs deployment/NAME --since 15m",
    "kubernetes": "kubectl logs deployment/NAME --since 15m",
    "swarm": "docker service logs --since 15m NAME",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of the list."""

    name: str
    outcome: Outcome
    evidence: str
    """What was seen; for `ask`, the question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is known before anything is deployed."""

    target: str
    config: Settings
    """The stack's own, keys without the project's name."""
    commit: str
    """Empty outside of a Git repository."""
    uncommitted: int
    """Files that differ from it."""
    declared: Sequence[str]
    """The type of each resource; empty where the program refuses the stack."""
    mistakes: Sequence[str] = ()

    def workloads(self) -> Mapping[str, Settings]:
        """As the stack's file has them."""
        found = self.config.get("workloads")
        named = cast("Settings", found) if isinstance(found, dict) else {}
        return {name: cast("Settings", each) for name, each in named.items() if isinstance(each, dict)}

    def users_of(self, store: str) -> list[str]:
        """The workloads that use a data store."""
        return [name for name, each in self.workloads().items() if store in _list(each, "uses")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What is known of what was deployed."""

    standings: Mapping[str, Standing]
    smoke: Sequence[Finding]
    history: Sequence[Update] = field(default_factory=list[Update])


def before(plan: Plan) -> Iterator[Item]:
    """Tests, configuration, infrastructure."""
    known = "the commit is what is deployed"
    if plan.commit:
        yield _item(known, plan.uncommitted == 0, f"{plan.commit}, {plan.uncommitted} files differ from it")
    else:
        yield _ask(known, "which one is it? This folder is in no Git repository")
    yield _ask("unit and integration tests pass", f"did `make check` pass at {plan.commit or 'it'}?")
    yield _ask("security tests pass", "is the last run of the security workflow without findings?")
    yield _ask("performance tests pass", f"does `make bench-api` keep to {_objective(plan)}?")
    refused = "; ".join(plan.mistakes)
    yield _item(
        "configuration", not plan.mistakes, refused or f"{len(plan.declared)} resources, none refused"
    )
    for name, workload in plan.workloads().items():
        yield from _of_workload(name, workload)
    yield from _ground(plan)


def _of_workload(name: str, workload: Settings) -> Iterator[Item]:
    plain = sorted(cast("Settings", workload.get("environment") or {}))
    yield _item(f"{name}: environment variables", holds=True, evidence=", ".join(plain) or "none of its own")
    secrets = sorted(_list(workload, "secrets"))
    yield _item(f"{name}: secrets", holds=True, evidence=", ".join(secrets) or "none of its own")
    given = {key: workload[key] for key in ("cpuMillicores", "memoryMib") if key in workload}
    given |= cast("Settings", workload.get("scaling") or {})
    size = ", ".join(f"{key} {value}" for key, value in given.items()) or "the default size"
    yield _ask(f"{name}: resources", f"is this enough for what is expected: {size}?")
    health = cast("Settings", workload.get("health") or {})
    paths = f"{health.get('livenessPath', '/health')}, {health.get('readinessPath', '/ready')}"
    yield _item(f"{name}: health checks", holds=True, evidence=f"the platform asks {paths}")


def _ground(plan: Plan) -> Iterator[Item]:
    databases, caches = plan.users_of("postgres"), plan.users_of("redis")
    early = [name for name in databases if plan.workloads()[name].get("migrate")]
    if not databases:
        yield _item("database migrated", holds=True, evidence="no workload uses one")
    elif early == databases:
        yield _item(
            "database migrated", holds=True, evidence=f"before a new image serves: {', '.join(early)}"
        )
    else:
        yield _ask(
            "database migrated", "does the image migrate at its start, and does the old one bear that schema?"
        )
    yield _item("cache configured", holds=True, evidence=", ".join(caches) or "no workload uses one")
    yield _declared(
        plan, "load balancer configured", _WAYS_IN, "nothing leads in from outside: is that meant?"
    )
    yield _declared(plan, "monitoring declared", _WATCHERS, "the stack watches nothing: who does?")


def during(plan: Plan, live: Live) -> Iterator[Item]:
    """What the platform and the API say."""
    for name, standing in live.standings.items():
        images = " and ".join(standing.images)
        yield _item(f"{name}: image built and pushed", bool(images), images or "nothing runs")
        serving = standing.state == "serving"
        yield _item(f"{name}: containers updated, rolling update complete", serving, str(standing))
    for finding in live.smoke:
        if finding.outcome != "not asked":
            yield _item(f"smoke test: {finding.name}", finding.outcome == "kept", finding.why)
    yield _ask("metrics normal", f"do the dashboards show {_objective(plan)} kept, and nothing that climbs?")
    yield _ask("logs without errors", f"does `{_LOGS.get(plan.target, 'the log')}` show nothing new?")


def after(plan: Plan, live: Live) -> Iterator[Item]:
    """Who watches, and the way back."""
    yield _declared(plan, "alerts configured", _WATCHERS, "the stack declares none: who is told?")
    yield _declared(plan, "dashboards updated", _DASHBOARDS, "the stack declares none: where does one look?")
    yield _item("service levels watched", holds=True, evidence=_objective(plan))
    previous = previous_image(live.history)
    yield _item(
        "previous version available",
        previous is not None,
        previous or "the history holds no other image that was deployed well",
    )
    practised = any(each.message.startswith(ROLLBACK) and each.succeeded for each in live.history)
    tried = "rollback tested"
    yield (
        _item(tried, holds=True, evidence="the history holds one that succeeded")
        if practised
        else _ask(tried, "was `airfield rollback` practised on a stack like this one?")
    )
    yield _ask("team notified", "does everybody who is called at night know of this?")


def _declared(plan: Plan, name: str, types: set[str], question: str) -> Item:
    found = [each for each in plan.declared if each in types]
    counted = {kind: found.count(kind) for kind in sorted(set(found))}
    evidence = ", ".join(f"{count} × {kind}" for kind, count in counted.items())  # noqa: RUF001
    return _item(name, holds=True, evidence=evidence) if found else _ask(name, question)


def _objective(plan: Plan) -> str:
    slo = cast("Settings", plan.config.get("slo") or {})
    return f"{slo.get('availabilityPercent', 99.9)} % and p95 under {slo.get('p95Milliseconds', 1000)} ms"


def _item(name: str, holds: bool, evidence: str) -> Item:  # noqa: FBT001 (named where it is not a comparison)
    return Item(name=name, outcome="holds" if holds else "fails", evidence=evidence)


def _ask(name: str, question: str) -> Item:
    return Item(name=name, outcome="ask", evidence=question)


def _list(workload: Settings, key: str) -> list[str]:
    return cast("list[str]", workload.get(key) or [])
