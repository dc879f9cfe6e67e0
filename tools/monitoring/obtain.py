"""Obtains Prometheus, node-exporter and Loki once for every clone of this machine, from a go.mod each."""

from collections.abc import Mapping
from pathlib import Path

from tools.go_programs import GoPrograms

_SMALL = ("-ldflags", "-s -w")
PROMETHEUS = GoPrograms(
    title="Prometheus and node-exporter",
    module=Path(__file__).parent / "prometheus",
    packages=("github.com/prometheus/prometheus/cmd/prometheus", "github.com/prometheus/node_exporter"),
    options=("-tags", "remove_all_sd,enable_dns_sd,grpcnotrace", *_SMALL),
    programs=("node_exporter", "prometheus"),
)
LOKI = GoPrograms(
    title="Loki",
    module=Path(__file__).parent / "loki",
    packages=("github.com/grafana/loki/v3/cmd/loki",),
    options=_SMALL,
    programs=("loki",),
)


def obtained_monitoring() -> Mapping[str, Path]:
    """Each program by its name; built now where they are not yet there."""
    return {
        program: home / program
        for programs in (PROMETHEUS, LOKI)
        for home in (programs.obtained(),)
        for program in programs.programs
    }
