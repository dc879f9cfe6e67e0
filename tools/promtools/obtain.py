"""Obtains promtool and amtool once for every clone of this machine, from go.mod beside it. Reads no rule.

Their releases are archives of their own sites only; the Go modules are wherever Go's modules are, and are
checked against go.sum. Only two ways to find targets are built in, which leaves out the clouds' SDKs.
"""

from pathlib import Path

from tools.go_programs import GoPrograms

PROMTOOLS = GoPrograms(
    title="promtool and amtool",
    module=Path(__file__).parent,
    packages=(
        "github.com/prometheus/prometheus/cmd/promtool",
        "github.com/prometheus/alertmanager/cmd/amtool",
    ),
    options=("-tags", "remove_all_sd,enable_dns_sd,enable_kubernetes_sd,grpcnotrace", "-ldflags", "-s -w"),
    programs=("promtool", "amtool"),
)


def obtained_promtools() -> Path:
    """The folder in which both are; built now where they are not yet there."""
    return PROMTOOLS.obtained()
