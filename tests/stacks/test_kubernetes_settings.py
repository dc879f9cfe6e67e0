"""What a stack may ask of a cluster is refused where it cannot be had, and told where less of it is."""

import pulumi
import pytest

from tests.infra.kubernetes.everything import BASE, config
from tests.synth import synthesise_config

REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "a name that the database has": (
        {"airfield:workloads": {"database": {}}},
        "airfield:workloads.database: another part of the stack has this name; taken:",
    ),
    "a name that a part of monitoring has": (
        {"airfield:workloads": {"loki": {}}, "airfield:kubernetes": {"monitoring": "bundled"}},
        "airfield:workloads.loki: another part of the stack has this name; taken:",
    ),
    "secrets in files": (
        {"airfield:kubernetes": {"renderTo": "build/x", "secrets": "made"}},
        "airfield:kubernetes: secrets (made) must not be rendered: take existing or external",
    ),
    "a webhook without its URL": (
        {"airfield:kubernetes": {"monitoring": "bundled", "alertWebhookSecret": "ALERTS"}},
        "airfield:kubernetes.alertWebhookSecret: ALERTS has no value; set it:",
    ),
}


@pytest.mark.parametrize("mistake", REFUSED)
def test_a_mistake_is_refused_by_its_key(mistake: str) -> None:
    settings, answer = REFUSED[mistake]
    with pytest.raises(pulumi.RunError) as refused:
        synthesise_config({**BASE, **settings})
    assert [line for line in str(refused.value).splitlines() if line.startswith(answer)]


def test_a_name_is_free_where_nothing_has_it() -> None:
    workloads: dict[str, object] = {
        "airfield:workloads": {"loki": {}, "database": {}},
        "airfield:postgres": {"external": True},
    }
    assert synthesise_config({**BASE, **workloads})["apps/v1:Deployment", "loki"]


@pytest.mark.parametrize("secrets", ["existing", "external"])
def test_no_value_is_asked_for_where_somebody_else_has_it(secrets: str) -> None:
    without = {key: value for key, value in BASE.items() if key != "airfield:secrets"}
    assert synthesise_config({**without, "airfield:kubernetes": {"secrets": secrets}})


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ({}, {"postgres.highlyAvailable", "slo.p95Milliseconds"}),
        ({"postgresOperator": "cloudnative-pg"}, {"slo.p95Milliseconds"}),
        ({"postgresOperator": "cloudnative-pg", "monitoring": "operator"}, set[str]()),
    ],
)
def test_what_the_block_gives_is_no_loss(block: dict[str, object], told: set[str]) -> None:
    asked = {
        "airfield:kubernetes": block,
        "airfield:postgres": {"highlyAvailable": True},
        "airfield:slo": {"p95Milliseconds": 500},
    }
    warnings = synthesise_config({**config("own"), **asked}).warnings
    assert {line.partition(": ")[0].removeprefix("airfield:") for line in warnings} == told


def test_quota_and_limits_stand_where_they_are_asked_for() -> None:
    declared = synthesise_config(config("own"))
    assert declared["ResourceQuota", "namespace-quota"].inputs["spec"] == {
        "hard": {"requests.storage": "200Gi", "pods": "50"}
    }
    most = {"memory": "4096Mi"}
    assert declared["LimitRange", "namespace-limits"].inputs["spec"] == {
        "limits": [{"type": "Container", "max": most, "default": most, "defaultRequest": most}]
    }
    assert synthesise_config(config("operators")).of_type("ResourceQuota") == []


def test_rules_reach_the_operator_as_they_reach_the_bundled_prometheus() -> None:
    declared = synthesise_config(config("operators"))
    groups = declared["PrometheusRule", "monitoring"].inputs["spec"]["groups"]
    assert [group["name"] for group in groups] == [
        "airfield-objective",
        "airfield-workloads",
        "airfield-data",
    ]
    assert [each.name for each in declared.of_type("ServiceMonitor")] == ["api-monitor"]


def test_traces_go_to_the_stacks_own_tempo_unless_told_otherwise() -> None:
    def where(block: dict[str, object], **environment: str) -> object:
        workloads = {"api": {"environment": environment}}
        said = synthesise_config(
            {
                "airfield:target": "kubernetes",
                "airfield:image": "api",
                "airfield:workloads": workloads,
                "airfield:kubernetes": block,
            }
        )
        data = said["core/v1:ConfigMap", "api-environment"].inputs["data"]
        return data.get("OTEL_EXPORTER_OTLP_ENDPOINT")

    assert where({}) is None
    assert where({"monitoring": "bundled"}) == "http://tempo:4318"
    assert where({"monitoring": "bundled"}, OTEL_EXPORTER_OTLP_ENDPOINT="http://mine") == "http://mine"
