"""Obtains kube-apiserver and etcd once for every clone of this machine, from go.mod beside it."""

from pathlib import Path

from tools.go_programs import GoPrograms

VERSION = ("1", "36", "3")
_STAMP = "k8s.io/component-base/version"
APISERVER = GoPrograms(
    title="kube-apiserver and etcd",
    module=Path(__file__).parent,
    packages=("k8s.io/kubernetes/cmd/kube-apiserver", "go.etcd.io/etcd/server/v3"),
    options=(
        "-ldflags",
        " ".join(
            (
                f"-s -w -X {_STAMP}.gitVersion=v{'.'.join(VERSION)}",
                f"-X {_STAMP}.gitMajor={VERSION[0]} -X {_STAMP}.gitMinor={VERSION[1]}",
            )
        ),
    ),
    programs=("kube-apiserver", "server"),
)
"""etcd's package is called `server`, and so is its program."""


def obtained_apiserver() -> Path:
    """The folder in which both are; built now where they are not yet there."""
    return APISERVER.obtained()
