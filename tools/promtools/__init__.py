"""promtool and amtool, which judge what Prometheus and Alertmanager are told."""
