"""Asks a container how it is from inside, for platforms that cannot ask over HTTP. Pure."""

from infra.workload import Workload


def health_command(workload: Workload) -> list[str]:
    """The workload's own command, or one for any image that has Python: exit code 0 while it is alive."""
    if workload.health.command:
        return list(workload.health.command)
    url = f"http://127.0.0.1:{workload.port}{workload.health.liveness_path}"
    return ["python", "-c", f"import urllib.request; urllib.request.urlopen('{url}', timeout=4)"]
