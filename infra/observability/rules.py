"""When somebody is told of a stack that Prometheus watches. Pure.

https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/
"""

from collections.abc import Mapping, Sequence

from infra.observability.alert import Rule, alert
from infra.observability.objective import RECORDED_SECONDS, objective_alerts, recording_rules
from infra.slo import Slo

PATIENCE_MINUTES = 5
"""How long a state lasts before it is told."""
BACKUP_HOURS = 26
"""A day, and the time that a dump and its retries may take."""


def rule_groups(slo: Slo, namespace: str) -> dict[str, object]:
    """All rules of a stack, as a rule file has them; `namespace` is the label that its series carry."""
    return rule_file(
        {
            **objective_groups(slo, namespace),
            "airfield-workloads": [silent_replica(namespace), restarting_pod(namespace)],
            "airfield-data": data_alerts(namespace),
        }
    )


def rule_file(groups: Mapping[str, Sequence[Rule]]) -> dict[str, object]:
    """Groups by their names; those of the objective are evaluated as often as their sums assume."""
    every = {"interval": f"{RECORDED_SECONDS}s"}
    return {
        "groups": [
            {"name": name, **(every if name.startswith("airfield-objective") else {}), "rules": list(rules)}
            for name, rules in groups.items()
            if rules
        ]
    }


def objective_groups(slo: Slo, namespace: str) -> dict[str, list[Rule]]:
    """What is recorded, then what is told of it: one group, since its rules run in this order."""
    return {"airfield-objective": [*recording_rules(namespace), *objective_alerts(slo, namespace)]}


def silent_replica(namespace: str) -> Rule:
    """A replica that tells nothing."""
    return alert(
        "TargetDown",
        f'up{{namespace="{namespace}"}} == 0',
        severity="warning",
        summary="{{ $labels.pod }} tells no metrics",
        description="Prometheus has not reached it for 5 minutes: nothing else is known of it either.",
        minutes=PATIENCE_MINUTES,
    )


def restarting_pod(namespace: str) -> Rule:
    """A pod that does not stay up."""
    return alert(
        "PodCrashLooping",
        f'changes(kube_pod_container_status_restarts_total{{namespace="{namespace}"}}[15m]) >= 2',
        severity="critical",
        summary="{{ $labels.pod }} restarts again and again",
        description="Its container {{ $labels.container }} restarted {{ $value }} times in 15 minutes.",
        minutes=PATIENCE_MINUTES,
    )


def data_alerts(namespace: str) -> list[Rule]:
    """What users feel later: a data store that is away, and a dump that is missing on the day of need."""
    own = f'namespace="{namespace}"'
    backups = f'{{{own},cronjob=~".*-backup"}}'
    seconds = BACKUP_HOURS * 3600
    return [
        alert(
            "DatastoreDown",
            f'kube_statefulset_status_replicas_ready{{{own},statefulset=~"database|cache"}} < 1',
            severity="critical",
            summary="{{ $labels.statefulset }} is away",
            description="No pod of it has been ready for 5 minutes.",
            minutes=PATIENCE_MINUTES,
        ),
        alert(
            "BackupOverdue",
            f"time() - kube_cronjob_status_last_successful_time{backups} > {seconds}"
            f" or (time() - kube_cronjob_created{backups} > {seconds}"
            f" unless on (namespace, cronjob) kube_cronjob_status_last_successful_time{backups})",
            severity="warning",
            summary="{{ $labels.cronjob }} has not succeeded for a day",
            description="The newest dump is {{ $value | humanizeDuration }} old, or there is none.",
            minutes=PATIENCE_MINUTES,
        ),
    ]
