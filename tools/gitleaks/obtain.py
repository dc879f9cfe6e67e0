"""Obtains gitleaks once for every clone of this machine, from go.mod beside it. Reads no secret."""

from pathlib import Path

from tools.go_programs import GoPrograms

GITLEAKS = GoPrograms(
    title="gitleaks",
    module=Path(__file__).parent,
    packages=("github.com/zricethezav/gitleaks/v8",),
    options=("-ldflags", "-s -w"),
    programs=("gitleaks",),
)
