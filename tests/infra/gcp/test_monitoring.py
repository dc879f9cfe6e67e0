"""An operator is told when users notice, or are about to, with thresholds from the one objective."""

import json
from typing import Any

from infra.gcp.log_retention import of_services
from tests.infra.gcp.stacks import answers, full, gcp_config
from tests.synth import Synthesis, synthesise_config

(SERVICE,) = (
    member.inputs["name"]
    for member in full().of_type("cloudrunv2/serviceIamMember:ServiceIamMember")
    if member.inputs["member"] == "allUsers"
)
OF_API = (
    'resource.type="cloud_run_revision" AND metric.type="run.googleapis.com/{}"'
    f' AND resource.labels.service_name="{SERVICE}"'
)


def thresholds(declared: Synthesis, name: str) -> list[dict[str, Any]]:
    policy = declared["monitoring/alertPolicy:AlertPolicy", name].inputs
    return [condition["conditionThreshold"] for condition in policy["conditions"]]


def test_who_is_watched_for_what() -> None:
    assert [policy.name for policy in full().of_type("monitoring/alertPolicy:AlertPolicy")] == [
        *(f"api-errors-{pace}" for pace in ("fast", "slow", "ticket")),
        "api-instances",
        *(f"api-latency-{pace}" for pace in ("fast", "slow", "ticket")),
        "api-uptime",
        "database-cpu",
        "database-disk",
        *(f"prices-errors-{pace}" for pace in ("fast", "slow", "ticket")),
        "prices-instances",
        *(f"prices-latency-{pace}" for pace in ("fast", "slow", "ticket")),
    ]


def test_as_many_instances_as_may_run_are_told() -> None:
    (threshold,) = thresholds(full(), "api-instances")
    assert threshold["filter"] == OF_API.format("container/instance_count")
    limit = full()["cloudrunv2/service:Service", "api"].inputs["template"]["scaling"]["maxInstanceCount"]
    assert threshold["thresholdValue"] == limit - 1


def test_the_disk_is_measured_by_what_it_may_grow_to() -> None:
    declared = synthesise_config(gcp_config(postgres={"maxStorageGib": 200}))
    (threshold,) = thresholds(declared, "database-disk")
    assert threshold["thresholdValue"] == int(0.85 * 200 * 1024**3)
    assert 'resource.labels.database_id="acme-production:database-' in threshold["filter"]


def test_the_database_may_not_be_busy_for_a_quarter_of_an_hour() -> None:
    (threshold,) = thresholds(full(), "database-cpu")
    assert (threshold["thresholdValue"], threshold["duration"]) == (0.8, "900s")


def test_the_domain_is_asked_from_outside_each_minute() -> None:
    (check,) = full().of_type("monitoring/uptimeCheckConfig:UptimeCheckConfig")
    assert check.inputs == {
        "displayName": "airfield production: api",
        "httpCheck": {
            "path": "/health",
            "port": 443,
            "requestMethod": "GET",
            "useSsl": True,
            "validateSsl": True,
        },
        "monitoredResource": {
            "labels": {"host": "api.example.com", "project_id": "acme-production"},
            "type": "uptime_url",
        },
        "period": "60s",
        "timeout": "10s",
        "userLabels": {"environment": "production", "project": "airfield"},
    }


def test_without_a_domain_the_platforms_own_name_is_asked() -> None:
    declared = synthesise_config(gcp_config(domain=""))
    (check,) = declared.of_type("monitoring/uptimeCheckConfig:UptimeCheckConfig")
    assert check.inputs["monitoredResource"]["labels"]["host"].endswith(".us-central1.run.app")


def test_whoever_is_named_is_told() -> None:
    declared = synthesise_config(gcp_config(gcp={"alertEmail": "oncall@example.com"}))
    (channel,) = declared.of_type("monitoring/notificationChannel:NotificationChannel")
    assert (channel.inputs["type"], channel.inputs["labels"]) == (
        "email",
        {"email_address": "oncall@example.com"},
    )
    told = {
        tuple(policy.inputs["notificationChannels"])
        for policy in declared.of_type("monitoring/alertPolicy:AlertPolicy")
    }
    assert told == {("monitoring-email-" + next(iter(told))[0].rpartition("-")[2],)}


def test_nobody_is_told_where_nobody_is_named() -> None:
    assert full().of_type("monitoring/notificationChannel:NotificationChannel") == []


def test_the_dashboard_has_six_charts_for_each_workload_and_three_for_the_database() -> None:
    shown = json.loads(full()["monitoring/dashboard:Dashboard", "monitoring"].inputs["dashboardJson"])
    assert [tile["widget"]["title"].partition(":")[0] for tile in shown["mosaicLayout"]["tiles"]] == [
        *["api"] * 6,
        *["prices"] * 6,
        *["database"] * 3,
    ]
    places = [(tile["xPos"], tile["yPos"]) for tile in shown["mosaicLayout"]["tiles"]]
    assert places == [(x, y) for y in (0, 12, 24, 36, 48) for x in (0, 16, 32)]


def test_logs_are_kept_as_long_as_asked_in_a_bucket_of_the_stacks_own() -> None:
    declared = synthesise_config(gcp_config(gcp={"logRetentionDays": 400}))
    bucket = declared["logging/projectBucketConfig:ProjectBucketConfig", "logs"].inputs
    suffix = declared["serviceaccount/account:Account", "api"].inputs["accountId"].removeprefix("api-")
    assert bucket == {
        "bucketId": f"airfield-{suffix}",
        "location": "us-central1",
        "project": "acme-production",
        "retentionDays": 400,
    }


def test_a_stacks_bucket_gets_the_logs_of_its_services_only() -> None:
    assert of_services(["b-2", "a-1"]) == (
        'resource.type="cloud_run_revision" AND resource.labels.service_name=("a-1" OR "b-2")'
    )


def test_channels_that_exist_are_told_too() -> None:
    slack = "projects/acme/notificationChannels/1"
    declared = synthesise_config(gcp_config(gcp={"alertChannels": [slack]}))
    policies = declared.of_type("monitoring/alertPolicy:AlertPolicy")
    assert policies
    assert all(policy.inputs["notificationChannels"] == [slack] for policy in policies)
    assert declared.of_type("NotificationChannel") == []


def test_a_channel_that_could_not_exist_is_refused() -> None:
    (answer,) = answers(gcp_config(gcp={"alertChannels": ["slack"]}))
    assert answer == (
        "airfield:gcp.alertChannels[0]: must be a channel as `gcloud beta monitoring channels list` names it,"
        " not 'slack'"
    )
