"""What the programs are told is what they take: judged by their own tools."""

import subprocess
from pathlib import Path

import pytest
import yaml

from infra.observability.document import as_yaml
from infra.observability.log_agent import alloy_configuration
from infra.observability.routing import alertmanager_configuration
from infra.observability.rules import rule_groups
from infra.observability.scraping import annotated_pods, one_target, prometheus_configuration
from infra.observability.storage import loki_configuration, tempo_configuration
from infra.observability.swarm import alloy_on_nodes
from infra.slo import Slo


def judged(*command: object) -> None:
    answer = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_prometheus_takes_its_configuration(promtools: Path, tmp_path: Path) -> None:
    scrapes = [annotated_pods("ns"), one_target("kube-state-metrics", "kube-state-metrics:8080")]
    (tmp_path / "prometheus.yml").write_text(as_yaml(prometheus_configuration(scrapes, "alertmanager:9093")))
    (tmp_path / "rules.yml").write_text(as_yaml(rule_groups(Slo(), "ns")))
    judged(
        promtools / "promtool", "check", "config", "--lint=all", "--lint-fatal", tmp_path / "prometheus.yml"
    )


@pytest.mark.parametrize("url_file", ["/etc/airfield-secret/url", None])
def test_alertmanager_takes_its_configuration(promtools: Path, tmp_path: Path, url_file: str | None) -> None:
    (tmp_path / "alertmanager.yml").write_text(as_yaml(alertmanager_configuration(url_file)))
    judged(promtools / "amtool", "check-config", tmp_path / "alertmanager.yml")


@pytest.mark.parametrize("severity", ["critical", "warning"])
def test_every_alert_reaches_the_webhook(promtools: Path, tmp_path: Path, severity: str) -> None:
    path = tmp_path / "alertmanager.yml"
    path.write_text(as_yaml(alertmanager_configuration("/url")))
    command = [
        promtools / "amtool",
        "config",
        "routes",
        "test",
        f"--config.file={path}",
        f"severity={severity}",
    ]
    assert subprocess.check_output(command, text=True).strip() == "webhook"


def test_only_annotated_pods_of_the_namespace_are_read() -> None:
    scrape = annotated_pods("ns")
    assert scrape["kubernetes_sd_configs"] == [{"role": "pod", "namespaces": {"names": ["ns"]}}]


def test_logs_and_traces_are_kept_as_long_as_asked() -> None:
    loki, tempo = loki_configuration("/loki", 7), tempo_configuration("/var/tempo", 7)
    assert loki["limits_config"] == {"retention_period": "168h"}
    assert tempo["compactor"] == {"compaction": {"block_retention": "168h"}}


def test_the_log_agent_labels_lines_as_metrics_are() -> None:
    text = alloy_configuration("ns", "http://loki:3100")
    assert 'names = ["ns"]' in text
    assert 'url = "http://loki:3100/loki/api/v1/push"' in text
    for label in ("namespace", "pod", "container", "workload"):
        assert f'target_label  = "{label}"' in text
    assert text.count("{") == text.count("}")


@pytest.mark.parametrize(
    "text",
    [alloy_configuration("ns", "http://loki:3100"), alloy_on_nodes("ns", "/logs", "http://loki:3100")],
    ids=["kubernetes", "swarm"],
)
def test_alloys_own_parser_takes_its_configuration(alloy_syntax: Path, tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.alloy"
    path.write_text(text)
    judged(alloy_syntax, path)
    path.write_text(text.replace('"', "", 1))
    with pytest.raises(AssertionError, match="diagnostics"):
        judged(alloy_syntax, path)


def test_a_document_repeats_what_it_says_twice() -> None:
    twice = {"b": 1}
    text = as_yaml({"first": twice, "second": twice})
    assert text == "first:\n  b: 1\nsecond:\n  b: 1\n"
    assert yaml.safe_load(text) == {"first": {"b": 1}, "second": {"b": 1}}
