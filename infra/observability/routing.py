"""Who is told of an alert, and how often. Pure.

https://prometheus.io/docs/alerting/latest/configuration/
"""


def alertmanager_configuration(webhook_url_file: str | None) -> dict[str, object]:
    """Everything to a webhook whose URL a file holds; without one, alerts are shown and sent nowhere."""
    sent: dict[str, object] = {"name": "webhook", "webhook_configs": [{"url_file": webhook_url_file}]}
    shown: dict[str, object] = {"name": "shown"}
    return {
        "route": {
            "receiver": "webhook" if webhook_url_file else "shown",
            "group_by": ["alertname", "namespace", "workload"],
            "group_wait": "30s",
            "group_interval": "5m",
            "repeat_interval": "12h",
            "routes": [{"matchers": ['severity="critical"'], "repeat_interval": "1h"}],
        },
        "inhibit_rules": [
            {
                "source_matchers": ['severity="critical"'],
                "target_matchers": ['severity="warning"'],
                "equal": ["namespace", "workload", "pod"],
            }
        ],
        "receivers": [sent if webhook_url_file else shown],
    }
